import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { ROOT } from './compose-file.js'

/** Folders with entry points of the image, and the workflows, which are bundled by path and not imported. */
const ENTRY_FOLDERS = ['cli', 'deploy', 'workers', 'workflows']
const IMPORT = /(?:from|import\()\s*'(\.{1,2}\/[^']+)'/g

/** Folders of the repository's root that the product's code imports, directly or through another folder. */
export function importedFolders(): string[] {
  const found = new Set(ENTRY_FOLDERS)
  // A set that grows while it is iterated also visits what is added.
  for (const folder of found) for (const imported of importsOf(folder)) found.add(imported)
  // `bin` runs what is in the others.
  return ['bin', ...found].sort()
}

function importsOf(folder: string): string[] {
  const files = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
  return files
    .filter((file) => /\.(?:ts|js)$/.test(file))
    .flatMap((file) => {
      const path = join(ROOT, folder, file)
      return [...readFileSync(path, 'utf8').matchAll(IMPORT)].map(([, target = '']) => {
        const [top = ''] = relative(ROOT, resolve(dirname(path), target)).split(sep)
        return top
      })
    })
    .filter((top) => top !== '' && !top.includes('.') && existsSync(join(ROOT, top)))
}
