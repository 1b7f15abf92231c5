export interface ClosedDay {
  readonly project: string
  readonly table: 'decisions' | 'outcomes'
  readonly day: string
  readonly rows: number
  readonly digest: string
}
