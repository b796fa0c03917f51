// Parts that the build makes: one language of a table of words; the style.
declare module 'texts:*' {
  const words: Partial<import('./text/say').Words>;
  export default words;
}
declare module 'more:*' {
  const words: Partial<import('./text/say').Words>;
  export default words;
}
declare module '*.css';
