/** What a project says of a user's own files: the forms that it reads, and the problems that it finds in them. */

/** Problems of a source, to be shown together. */
export interface SourceProblems {
  /** How many were added. */
  readonly count: number
  /**
   * @param problem in words, the same for all problems of its kind
   * @param place where one is, and what is there
   */
  add(problem: string, place?: string): void
}

/** A form of data that a project reads with `--snapshot`. */
export interface SourceFormat {
  readonly name: string
  /** What it is for, and what is special about it. */
  readonly about: string
  readonly files: readonly {
    /** Name or pattern of the file. */
    readonly file: string
    /** How it is written, e.g. `CSV, plain or .gz`. */
    readonly kind: string
    readonly fields: readonly {
      readonly name: string
      /** Type and unit. */
      readonly type: string
      /** Required unless true. */
      readonly optional?: true
      readonly about?: string
    }[]
  }[]
  /** Files that pass `slipway snapshot check`, by name. */
  example(): Promise<Readonly<Record<string, string | Uint8Array>>>
  /** What to give as `--snapshot` of these files: one of them, or empty for their folder. */
  readonly source: string
}
