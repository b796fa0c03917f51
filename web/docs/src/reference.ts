// Shows the reference. The key that is typed in to try a call out stays in this page's memory.
declare const SwaggerUIBundle: (options: object) => unknown;

SwaggerUIBundle({
  domNode: document.querySelector('#reference'),
  url: new URL('../../openapi.json', location.href).href,
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  docExpansion: 'none',
  filter: true,
  // Otherwise swagger-ui asks another host whether the document is valid.
  validatorUrl: null,
});
