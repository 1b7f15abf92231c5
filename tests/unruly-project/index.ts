/** The toy project with a misbehaving trainer. The parameter `does` selects how it misbehaves. */
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { appendFileSync } from 'node:fs'
import { rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { commandTrainer } from '../../projects/kit/command-trainer.js'
import type { Project, TrainResult } from '../../projects/project.js'
import type { ToyInput } from '../toy-project/data.js'
import { project as toy } from '../toy-project/index.js'

const HOUR_MS = 3_600_000
const MIB = 1024 ** 2

/** Recognisable in a list of processes. */
export const GRANDCHILD = ['sleep', '86399.25'] as const

const behaviours: Record<string, Project<ToyInput>['train']> = {
  'print nothing and train': (request) => toy.train(request, () => {}),

  async 'print nothing and hang'() {
    return sleep(HOUR_MS) as never
  },

  async 'chat and hang'(_request, onProgress) {
    for (let epoch = 1; ; epoch += 1) {
      onProgress({ epoch, epochs: 1_000_000, loss: 1, rowsPerSecond: 1 })
      await sleep(100)
    }
  },

  async 'print garbage and train'(request, onProgress) {
    process.stdout.write('{"progress":"nearly there"}\n{"result":{}}\n{"progress":\n')
    for (let mib = 0; mib < 20; mib += 1) process.stdout.write(randomBytes(MIB))
    process.stdout.write('\n\u0000 \u001b[2J the last words\n')
    return toy.train(request, onProgress)
  },

  async 'print garbage and crash'() {
    process.stderr.write('\u0000\u001b[2J the feed is on fire\n')
    await sleep(100)
    process.exit(3)
  },

  async 'end well without an artifact'() {
    process.exit(0)
  },

  async 'name an artifact that is not there'(request, onProgress) {
    return { ...(await toy.train(request, onProgress)), artifactFile: join(request.outFolder, 'no-such-file') }
  },

  async 'name a file of the machine'(request, onProgress) {
    return { ...(await toy.train(request, onProgress)), artifactFile: '/etc/passwd' }
  },

  async 'link to a file of the machine'(request, onProgress) {
    const result = await toy.train(request, onProgress)
    await rm(result.artifactFile)
    await symlink('/etc/passwd', result.artifactFile)
    return result
  },

  async 'write an empty artifact'(request, onProgress) {
    const result = await toy.train(request, onProgress)
    await writeFile(result.artifactFile, '')
    return result
  },

  async 'write 10 GB'({ outFolder }) {
    const part = randomBytes(MIB)
    for (let mib = 0; mib < 10_240; mib += 1) {
      appendFileSync(join(outFolder, 'model.bin'), part)
      await sleep(5)
    }
    throw new Error('the limit on bytes did not stop it')
  },

  async 'learn NaN'(request, onProgress) {
    const result = await toy.train(request, onProgress)
    await writeFile(result.artifactFile, JSON.stringify({ feature: 'x', rates: [Number.NaN, 0.5] }))
    return result
  },

  async 'start others and hang'(_request, onProgress) {
    const [command, ...args] = GRANDCHILD
    spawn(command, args, { stdio: 'ignore' })
    onProgress({ epoch: 1, epochs: 2, loss: 0.5, rowsPerSecond: 1 })
    return sleep(HOUR_MS) as never
  },

  'run a program that hangs': commandTrainer({
    command: 'sh',
    args: [
      '-c',
      `echo '{"progress":{"epoch":1,"epochs":2,"loss":null,"rowsPerSecond":null}}'; ${GRANDCHILD.join(' ')}`,
    ],
    cwd: new URL('.', import.meta.url),
  }),

  async 'leave others behind'(request, onProgress): Promise<TrainResult> {
    const [command, ...args] = GRANDCHILD
    // It keeps the trainer's outputs open, too.
    spawn(command, args, { stdio: 'inherit' })
    return toy.train(request, onProgress)
  },
}

export const project: Project<ToyInput> = {
  ...toy,
  name: 'unruly',
  folder: new URL('.', import.meta.url),
  training: { time: '10m', silence: '5m', bytes: 16 * MIB },
  train(request, onProgress) {
    const behaviour = behaviours[String(request.parameters.does)]
    if (!behaviour) throw new RangeError(`the unruly project does not know how to ${request.parameters.does}`)
    return behaviour(request, onProgress)
  },
}
