/** The two static files of the console, as they are beside this source. */
import { readFileSync } from 'node:fs'

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8')

export const ASSETS: ReadonlyMap<string, { readonly type: string; readonly text: string }> = new Map([
  ['console.css', { type: 'text/css; charset=utf-8', text: read('./console.css') }],
  ['console.js', { type: 'text/javascript; charset=utf-8', text: read('./console.js') }],
])
