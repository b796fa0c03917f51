// Style sheets are texts here.
declare module '*.css' {
  const text: string;
  export default text;
}
