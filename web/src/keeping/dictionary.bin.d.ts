/** The build gives a dictionary file as text, one character for each byte. */
declare module "*/dictionary1.bin" {
  const text: string;
  export default text;
}
