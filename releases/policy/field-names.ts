/** How a field is named to the user: as an option of a command, or as a field of a form. */
export type FieldNames = 'options' | 'fields'

/** @param option without dashes, such as `smallest-effect` */
export const fieldName = (names: FieldNames, option: string): string =>
  names === 'options' ? `--${option}` : `“${option.replaceAll('-', ' ')}”`
