/** A server that a test may kill, and start again at the same address with the same data. */
export interface Restartable {
  pid(): number
  restart(): Promise<void>
}
