/** One result of `slipway doctor`. */
export interface Check {
  readonly name: string
  readonly ok: boolean
  readonly detail: string
  /** The command or step that fixes it. */
  readonly mend?: string
}
