import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { SlipwayError } from '../contracts/failure.js'
import type { Project } from './project.js'

/**
 * @param file the project's index.ts, which messages name
 * @param loading its module
 * @throws SlipwayError BadRequest if it cannot be loaded or exports no project
 */
export async function projectOf(file: string, loading: Promise<object>): Promise<Project> {
  const module = await loading.catch((error: unknown) => {
    const problem = error instanceof Error ? error.message : String(error)
    const isPackage = existsSync(join(dirname(file), 'package.json'))
    const hint = isPackage ? '' : ' (there is no package.json with "type": "module")'
    throw new SlipwayError('BadRequest', `project ${file} cannot be loaded: ${problem}${hint}`, { cause: error })
  })
  const { project } = module as { project?: Project }
  if (!project) throw new SlipwayError('BadRequest', `${file} does not export "project"`)
  return project
}
