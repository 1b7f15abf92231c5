import { StringDecoder } from 'node:string_decoder'

/** In characters. A program may print gigabytes without a line break. */
const LONGEST_LINE = 1024 ** 2

/** Splits bytes into lines without their line breaks. A line that is too long is passed on in pieces. */
export function lineReader(onLine: (line: string) => void): { take(chunk: Buffer): void; end(): void } {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  const flush = () => {
    if (rest !== '') onLine(rest)
    rest = ''
  }
  return {
    take(chunk) {
      const lines = (rest + decoder.write(chunk)).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) onLine(line.replace(/\r$/, ''))
      if (rest.length > LONGEST_LINE) flush()
    },
    end() {
      rest += decoder.end()
      flush()
    },
  }
}
