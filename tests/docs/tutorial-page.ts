/** The fenced blocks of docs/tutorial.md, in order: what a reader types, edits and sees. */
import { readFileSync } from 'node:fs'

export type Step =
  /** Typed into the first terminal, or into the second, where it stays up. */
  | { readonly kind: 'run'; readonly text: string; readonly staysUp: boolean; readonly shows: readonly string[] }
  | { readonly kind: 'file'; readonly file: string; readonly text: string }
  /** Lines taken out and put in, as in a diff without context. */
  | { readonly kind: 'edit'; readonly file: string; readonly changes: readonly { from: string; to: string }[] }

export function tutorialSteps(): Step[] {
  const page = readFileSync(new URL('../../docs/tutorial.md', import.meta.url), 'utf8')
  const blocks = [...page.matchAll(/^```(\w+)(?: (\S+))?\n(.*?)^```$/gms)]
  return blocks.flatMap(([, language = '', argument = '', text = ''], index): Step[] => {
    const after = blocks[index + 1]
    const shows = after?.[1] === 'text' ? (after[3] ?? '').trimEnd().split('\n') : []
    switch (language) {
      case 'sh':
        return [{ kind: 'run', text, staysUp: argument === 'second-terminal', shows }]
      case 'ts':
        return [{ kind: 'file', file: argument, text }]
      case 'diff':
        return [{ kind: 'edit', file: argument, changes: changesOf(text) }]
      case 'text':
        return []
      default:
        throw new Error(`the tutorial has a block of ${language}, which this test does not know`)
    }
  })
}

const changesOf = (diff: string) =>
  [...diff.matchAll(/((?:^-.*\n)+)((?:^\+.*\n)+)/gm)].map(([, from = '', to = '']) => ({
    from: from.replaceAll(/^-/gm, ''),
    to: to.replaceAll(/^\+/gm, ''),
  }))

/** A shown line as a pattern: `…` stands for anything, and a line of it alone for any lines. */
export const patternOf = (line: string): RegExp =>
  new RegExp(`^${line.split('…').map(escaped).join('.*')}$`.replace('^.*', '').replace('.*$', ''), 'm')

const escaped = (text: string): string =>
  text
    .trim()
    .replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll(/\s+/g, '\\s+')
