declare module 'jstat' {
  interface Distribution {
    cdf(x: number, freedom: number): number
  }
  const jstat: { erfc(x: number): number; chisquare: Distribution; studentt: Distribution }
  export default jstat
}
