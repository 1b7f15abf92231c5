import { styleText } from 'node:util'

type Style = 'bold' | 'dim' | 'green' | 'red' | 'yellow'

/** Colours only on a terminal that shows them, and not with `NO_COLOR`: `hasColors` reads it. */
const isColoured = (stream: NodeJS.WriteStream): boolean => stream.isTTY === true && stream.hasColors()

export const styled = (style: Style, text: string, stream: NodeJS.WriteStream = process.stdout): string =>
  isColoured(stream) ? styleText(style, text) : text

/** For libraries that take the name of a style. */
export const styleName = (style: Style): Style[] => (isColoured(process.stdout) ? [style] : [])
