/** Checks the Dockerfile, read stage by stage, and the commands that the compose file runs in its image. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { ROOT, rawCompose } from '../support/compose-file.js'
import { importedFolders } from '../support/imported-folders.js'
import { GEMM } from '../support/onnx-files.js'

interface Stage {
  readonly from: string
  readonly name: string | undefined
  readonly steps: { readonly verb: string; readonly rest: string }[]
}

const lines = readFileSync(join(ROOT, 'Dockerfile'), 'utf8')
  .replace(/\\\n\s*/g, ' ')
  .split('\n')
const stages: Stage[] = []
for (const line of lines.filter((text) => text.trim() && !text.startsWith('#'))) {
  const [, verb = '', rest = ''] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? []
  if (verb === '') throw new Error(`not an instruction: ${line}`)
  if (verb === 'FROM') {
    const [from = '', , name] = rest.split(/\s+/)
    stages.push({ from, name, steps: [] })
  } else stages.at(-1)?.steps.push({ verb, rest })
}
const last = stages.at(-1) as Stage
const steps = stages.flatMap(({ steps: all }) => all)

/** Paths that `.dockerignore` allows; it excludes everything else. */
const allowed = readFileSync(join(ROOT, '.dockerignore'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('!'))
  .map((line) => line.slice(1))

it('the image is built in stages on a pinned base, and does not run as root', () => {
  expect(stages.length).toBeGreaterThan(2)
  const named = new Set(stages.map(({ name }) => name))
  for (const { from } of stages) if (!named.has(from)) expect(from).toMatch(/^node:\d+\.\d+\.\d+-[a-z-]+$/)
  const users = last.steps.filter(({ verb }) => verb === 'USER')
  expect(users.map(({ rest }) => rest)).toEqual(['node'])
  // No later step changes files.
  const after = last.steps.slice(last.steps.findIndex(({ verb }) => verb === 'USER') + 1)
  expect(after.filter(({ verb }) => ['RUN', 'COPY', 'ADD'].includes(verb))).toEqual([])
})

it('memory that is mounted at SLIPWAY_HOME can be written: it belongs to root and gets the mode of the folder', () => {
  const made = last.steps.find(({ verb, rest }) => verb === 'RUN' && rest.includes('mkdir /var/lib/slipway'))?.rest
  expect(made).toContain('chmod 1777 /var/lib/slipway')
})

it('its Node is one that package.json allows, and only the binaries of its own platform stay', () => {
  const { engines } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { engines: { node: string } }
  const [, least = ''] = /^>=(\d+)/.exec(engines.node) ?? []
  for (const [, major = ''] of readFileSync(join(ROOT, 'Dockerfile'), 'utf8').matchAll(/^FROM node:(\d+)/gm))
    expect(Number(major)).toBeGreaterThanOrEqual(Math.max(22, Number(least)))
})

it('what is removed from packages leaves only the binary of its own platform, and what scores ONNX models', async () => {
  const install = steps.find(({ verb, rest }) => verb === 'RUN' && rest.includes('npm ci'))?.rest ?? ''
  // In the same layer: what a later one removes is still in the image.
  expect(install).toContain('&& sh deploy/prune-packages.sh node_modules')
  const folder = mkdtempSync(join(ROOT, 'node_modules', '.pruned-'))
  try {
    for (const name of ['@temporalio/core-bridge', 'onnxruntime-web', 'onnxruntime-common']) {
      mkdirSync(join(folder, dirname(name)), { recursive: true })
      // Links take no space, and removing one leaves the package as it is.
      execFileSync('cp', ['-rl', realpathSync(join(ROOT, 'node_modules', name)), join(folder, name)])
    }
    const machine = execFileSync('uname', ['-m'], { encoding: 'utf8' }).trim()
    const releases = join(folder, '@temporalio/core-bridge/releases')
    expect(readdirSync(releases).length).toBeGreaterThan(1)
    execFileSync('sh', [join(ROOT, 'deploy/prune-packages.sh'), folder])
    expect(readdirSync(releases)).toEqual([`${machine}-unknown-linux-gnu`])
    const onnx = readdirSync(join(folder, 'onnxruntime-web/dist'))
    expect(onnx).toHaveLength(4)
    const { InferenceSession, Tensor } = (await import(
      join(folder, 'onnxruntime-web/dist/ort.node.min.mjs')
    )) as typeof import('onnxruntime-web')
    const session = await InferenceSession.create(GEMM)
    const { y } = await session.run({ x: new Tensor('float32', Float32Array.of(1, 2, 3), [1, 3]) })
    expect(y?.dims).toEqual([1, 2])
    // Without its binary the image could not run, so that its build must end here.
    rmSync(releases, { recursive: true })
    expect(() => execFileSync('sh', [join(ROOT, 'deploy/prune-packages.sh'), folder], { stdio: 'pipe' })).toThrow()
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

it('it copies from existing stages, and has the workflow bundle where the worker expects it', () => {
  const named = stages.flatMap(({ name }) => name ?? [])
  const copied = last.steps
    .filter(({ verb }) => verb === 'COPY')
    .flatMap(({ rest }) => /--from=(\S+)/.exec(rest)?.[1] ?? [])
  expect(copied.length).toBeGreaterThan(1)
  for (const from of copied) expect(named).toContain(from)
  const env = last.steps
    .filter(({ verb }) => verb === 'ENV')
    .map(({ rest }) => rest)
    .join(' ')
  expect(env).toContain('SLIPWAY_WORKFLOW_BUNDLE=/app/dist/workflow-bundle.js')
  expect(last.steps.some(({ verb, rest }) => verb === 'COPY' && rest === '--from=build /app/dist ./dist')).toBe(true)
})

it('it runs only scripts of package.json, and files that .dockerignore allows', () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>
  }
  const run = steps
    .filter(({ verb }) => verb === 'RUN')
    .flatMap(({ rest }) => [...rest.matchAll(/npm run (?:--\S+ )*(\S+)/g)].map(([, name]) => name ?? ''))
  expect(run).toContain('build:workflows')
  for (const name of run) expect(Object.keys(scripts)).toContain(name)

  const started = Object.values(rawCompose().services)
    .filter(({ build }) => build)
    .flatMap(({ command = [], entrypoint = [] }) => [...entrypoint, ...command])
  const files = [...started, ...steps.filter(({ verb }) => verb === 'CMD').map(({ rest }) => rest)].flatMap(
    (text) => text.match(/[\w/-]+\.ts/g) ?? [],
  )
  expect(files).toContain('deploy/databases.ts')
  for (const file of [...files, 'bin/slipway.js', 'package-lock.json', 'tests/histories']) {
    expect(existsSync(join(ROOT, file)), file).toBe(true)
    expect(
      allowed.some((path) => file === path || file.startsWith(`${path}/`)),
      `${file} is allowed by .dockerignore`,
    ).toBe(true)
  }
})

it('it contains every folder that the code imports, and no secret', () => {
  const folders = importedFolders()
  expect(folders).toEqual(expect.arrayContaining(['bin', 'cli', 'http', 'releases', 'workers', 'workflows']))
  for (const folder of folders) expect(allowed).toContain(folder)
  for (const secret of ['.env', 'deploy/tokens.json', '.slipway', '.git']) expect(allowed).not.toContain(secret)
  expect(readFileSync(join(ROOT, '.dockerignore'), 'utf8')).toMatch(
    /^\*$[\s\S]*^deploy\/tokens\.json\ndeploy\/access\ndeploy\/out\ndeploy\/keys\ndeploy\/prometheus-token$/m,
  )
})

it('the recipe for own projects builds on this image, needs Python only where it is asked for, and does not stay root', () => {
  const recipe = readFileSync(join(ROOT, 'deploy/own-projects/Dockerfile'), 'utf8')
  const from = [...recipe.matchAll(/^FROM (?:\$\{)?(\w+)\}?(?: AS (\w+))?$/gm)].map(([, base, name]) => [base, name])
  expect(from).toEqual([
    ['SLIPWAY', 'typescript'],
    ['typescript', 'python'],
    ['TRAINERS', undefined],
  ])
  for (const argument of ['SLIPWAY', 'TRAINERS']) expect(recipe).toMatch(new RegExp(`^ARG ${argument}=\\S+$`, 'm'))
  expect(recipe.trim().split('\n').at(-1)).toBe('USER node')
  // Where a package of a project finds Slipway.
  expect(last.steps.some(({ verb, rest }) => verb === 'WORKDIR' && rest === '/app')).toBe(true)
  expect(recipe).toContain('ln -s /app /projects/node_modules/slipway')
})
