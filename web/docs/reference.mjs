// The page that shows the REST reference: swagger-ui over what the server says of itself in /openapi.json.
import { languages } from './manual.mjs';
import { mark } from './page.mjs';

// swagger-ui knows no dark page: what it writes would be dark on dark.
export const reference = `<!doctype html>
<html lang="en" data-theme="light">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<title>REST · Nodechat</title>
<link rel="icon" href="../icon.svg">
<link rel="stylesheet" href="swagger-ui.css">
<link rel="stylesheet" href="reference.css">
<script src="swagger-ui.js" defer></script>
<script src="reference.js" defer></script>
</head>
<body>
<header>
  <a class="home" href="/"><span class="mark">${mark}</span> Nodechat</a>
  <span class="what">REST · <a href="../../openapi.json">openapi.json</a></span>
  <nav class="languages" aria-label="Manual">${Object.entries(languages).map(([code, { tag, title }]) => `<a lang="${tag}" href="../${code}/">${title}</a>`).join('')}</nav>
</header>
<div id="reference"></div>
</body>
</html>
`;
