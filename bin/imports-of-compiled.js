/**
 * Loader hooks for a project outside this repository while the compiled sources run: what it imports of Slipway is the
 * compiled module that runs already. A second copy would have another class for each error, for example.
 */
import { existsSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

let [sources, compiled] = ['', '']

export function initialize(folders) {
  ;({ sources, compiled } = folders)
}

export async function resolve(specifier, context, nextResolve) {
  const found = await nextResolve(specifier, context)
  if (!/^file:.*\.ts(\?|$)/.test(found.url)) return found
  const file = join(compiled, relative(sources, fileURLToPath(found.url))).replace(/\.ts$/, '.js')
  return file.startsWith(compiled) && existsSync(file)
    ? { url: pathToFileURL(file).href, format: 'module', shortCircuit: true }
    : found
}
