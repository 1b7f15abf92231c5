/** A project's table of features says when the value of each becomes known. The leakage gate reads it. */

export interface FeatureDefinition<Known extends string> {
  /** When the value becomes known, as the project names its instants. */
  readonly known: Known
}

/**
 * What is wrong with a model's features by name: not in the table, or known too late for the decision. Empty when
 * nothing is.
 * @param usable the instants that lie before the decision
 * @param lateText what to say about a later instant, e.g. `only at arrival`
 */
export function featureProblems<Known extends string>(
  names: readonly string[],
  table: Readonly<Record<string, FeatureDefinition<Known>>>,
  { usable, lateText }: { usable: readonly Known[]; lateText: (known: Known) => string },
): string[] {
  return names.flatMap((name) => {
    // A name such as "constructor" is a property of every object, but no feature.
    const feature = Object.hasOwn(table, name) ? table[name] : undefined
    if (!feature) return [`${name} is not in the table of features: when its value becomes known is not stated`]
    return usable.includes(feature.known) ? [] : [`${name} is known ${lateText(feature.known)}`]
  })
}
