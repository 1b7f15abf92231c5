import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Code that the projects' trainers share. */
const KIT = fileURLToPath(new URL('../../projects/kit', import.meta.url))

/** Identifies the code that trained a model: sha256 over the paths and bytes of a project's own code and of the kit. */
export async function codeVersion(project: { readonly folder: URL }): Promise<string> {
  const hash = createHash('sha256')
  for (const root of [fileURLToPath(project.folder), KIT]) {
    for (const file of await filesBelow(root)) {
      hash.update(relative(root, file).split(sep).join('/')).update('\0')
      hash.update(await readFile(file)).update('\0')
    }
  }
  return `sha256:${hash.digest('hex')}`
}

/** Sorted, without packages and the files that tools generate. */
async function filesBelow(folder: string): Promise<string[]> {
  const items = await readdir(folder, { withFileTypes: true })
  const nested = await Promise.all(
    items
      .filter(({ name }) => !name.startsWith('.') && name !== 'node_modules' && name !== '__pycache__')
      .map(async (item) => {
        const path = join(folder, item.name)
        if (item.isDirectory()) return filesBelow(path)
        return item.isFile() ? [path] : []
      }),
  )
  return nested.flat().sort()
}
