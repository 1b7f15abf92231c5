declare module 'jstat' {
  const jstat: { erfc(x: number): number }
  export default jstat
}
