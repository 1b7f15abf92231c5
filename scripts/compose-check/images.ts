/** Images of the installation: Slipway's, one with a project of one's own on top, and the next version of that. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Run } from './commands.js'
import { OWN } from './site.js'

/** One that is there is used: `SLIPWAY_IMAGE` and `SLIPWAY_IMAGE_TAG` name it. */
export async function imageOfSlipway(engine: Run, say: (text: string) => void): Promise<string> {
  const image = `${process.env.SLIPWAY_IMAGE || 'slipway'}:${process.env.SLIPWAY_IMAGE_TAG || 'check'}`
  const present = await engine('image', 'inspect', image).then(
    () => true,
    () => false,
  )
  if (!present) {
    say(`${image} is built`)
    await engine('build', '-t', image, '.')
  }
  return image
}

/** @returns the two images, with the same name and different tags */
export async function ownImages(engine: Run, slipway: Run, base: string, folder: string) {
  const projects = join(folder, 'projects')
  mkdirSync(projects)
  await slipway('project', 'new', OWN, '--in', projects)
  const [image, tag, next] = ['slipway-check-own', 'first', 'second']
  const recipe = ['-f', 'deploy/own-projects/Dockerfile', '--build-arg', `SLIPWAY=${base}`]
  await engine('build', ...recipe, '--build-arg', 'TRAINERS=typescript', '-t', `${image}:${tag}`, projects)
  // Its services are replaced as with another build; its workflow code is the same.
  const context = mkdtempSync(join(folder, 'next-'))
  writeFileSync(join(context, 'Dockerfile'), `FROM ${image}:${tag}\nLABEL slipway.check=${next}\n`)
  await engine('build', '-t', `${image}:${next}`, context)
  return { image, tag, next }
}
