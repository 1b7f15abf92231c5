/**
 * A value that a table has itself. Keys come from users: `toString` and `constructor` are in every object, and are no
 * numbers.
 */
export const ownValue = <Value>(table: Readonly<Record<string, Value>>, key: string): Value | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined
