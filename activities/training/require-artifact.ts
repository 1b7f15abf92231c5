import { realpath, stat } from 'node:fs/promises'
import { relative, resolve, sep } from 'node:path'
import { SlipwayError } from '../../contracts/failure.js'

/**
 * The artifact's real path. It must be a file of at least one byte inside the output folder: a link to any other file
 * of this machine is not an artifact of this training.
 * @throws SlipwayError TrainerMisbehaved
 */
export async function requireArtifact(outFolder: string, artifactFile: string): Promise<string> {
  const refuse = (problem: string): never => {
    throw new SlipwayError(
      'TrainerMisbehaved',
      `the trainer exited with code 0 but its artifact ${artifactFile} ${problem}`,
    )
  }
  const root = await realpath(outFolder)
  const path = await realpath(resolve(root, artifactFile)).catch(() => refuse('does not exist'))
  const inside = relative(root, path)
  if (inside === '' || inside === '..' || inside.startsWith(`..${sep}`)) {
    refuse(`is outside the output folder ${outFolder}`)
  }
  const found = await stat(path)
  if (!found.isFile()) refuse('is not a file')
  if (found.size === 0) refuse('is empty')
  return path
}
