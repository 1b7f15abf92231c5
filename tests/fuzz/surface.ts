import type fc from 'fast-check'

/** Where input from outside enters, with an arbitrary of it. */
export interface Surface<Case = unknown> {
  readonly name: string
  /** Its part of all cases, in percent. */
  readonly share: number
  readonly cases: fc.Arbitrary<Case>
  /**
   * Takes the input or refuses it as the product does. Any other error is a crash.
   * @returns `taken` or `refused`
   */
  run(input: Case): Promise<Answer> | Answer
}

export type Answer = 'taken' | 'refused'

/** A surface whose cases have a type of their own, among others. */
export const surface = <Case>(one: Surface<Case>): Surface => ({
  ...one,
  run: (input) => one.run(input as Case),
})
