/**
 * Without a container engine: the file is checked against the schema that Compose uses, and against the code it starts.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { expect, it } from 'vitest'
import { projectTaskQueue, TASK_QUEUE } from '../../contracts/names.js'
import { loadProjects } from '../../projects/load.js'
import {
  composeFile,
  composeText,
  ownProjects,
  ROOT,
  rawCompose,
  type Service,
  variablesOf,
  withOverride,
} from '../support/compose-file.js'
import { importedFolders } from '../support/imported-folders.js'

/** The library inside Compose; its module contains the schema. */
const SCHEMA_MODULE = 'github.com/compose-spec/compose-go/v2@v2.9.0'

/** Undefined when Go is not installed and cannot download it; CI has Go. */
function composeSchema(): object | undefined {
  try {
    const printed = execFileSync('go', ['mod', 'download', '-json', SCHEMA_MODULE], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const { Dir } = JSON.parse(printed.toString()) as { Dir: string }
    // It names its draft by a URL that no validator knows.
    const { $schema: _, ...read } = JSON.parse(readFileSync(join(Dir, 'schema', 'compose-spec.json'), 'utf8'))
    return read
  } catch (error) {
    if (process.env.CI) throw error
    console.warn(`skipped: no compose schema (${(error as Error).message.split('\n')[0]})`)
    return undefined
  }
}

const schema = composeSchema()
const secrets = Object.fromEntries(variablesOf(composeText()).map((name) => [name, '']))
for (const name of Object.keys(secrets)) if (/PASSWORD|_KEY$/.test(name)) secrets[name] = `secret-${name}`
const services = Object.entries(composeFile(secrets).services)
const isJob = ({ restart }: Service) => restart !== 'unless-stopped'

it.skipIf(schema === undefined)(
  'the file is valid by the schema of Compose, and the schema refuses an invalid file',
  () => {
    const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false })
    const validate = ajv.compile(schema ?? {})
    validate(composeFile(secrets))
    expect(validate.errors ?? []).toEqual([])
    expect(validate({ services: { worker: { image: 'x', depend_on: ['y'] } } })).toBe(false)
  },
)

it('each permanent service has a health check, and the services that need a job wait for its end', () => {
  for (const [name, service] of services) {
    if (isJob(service)) continue
    expect(service.healthcheck?.test.length ?? 0, `${name}: healthcheck`).toBeGreaterThan(1)
    // A start that takes longer ends `up`. Ready sooner, it is healthy sooner.
    if (service.build) expect(service.healthcheck?.start_period, name).toBe('180s')
  }
  const conditions = services.flatMap(([name, { depends_on = {} }]) =>
    Object.entries(depends_on).map(([on, { condition }]) => ({ name, on, condition })),
  )
  expect(conditions.length).toBeGreaterThan(10)
  for (const { name, on, condition } of conditions) {
    const service = services.find(([other]) => other === on)?.[1]
    if (!service) throw new Error(`${name} depends on ${on}, which does not exist`)
    expect({ name, on, condition }).toEqual({
      name,
      on,
      condition: isJob(service) ? 'service_completed_successfully' : 'service_healthy',
    })
  }
  const waitedFor = new Set(conditions.map(({ on }) => on))
  for (const [name, service] of services)
    if (isJob(service) && !service.profiles && !LAST.includes(name)) expect(waitedFor, name).toContain(name)
})

const KEYS_OF_SERVICES = ['DECISIONS', 'WORKER', 'READER', 'RETENTION'].map((name) => `S3_${name}_SECRET_KEY`)

/** Jobs that no service waits for. */
const LAST = ['current-build']

it('the file contains no password, key or token: each is a required variable of the environment', () => {
  const text = composeText()
  for (const [name, { environment = {} }] of Object.entries(rawCompose().services)) {
    for (const [key, value] of Object.entries(environment)) {
      const url = /:\/\/[^:/]+:([^@]+)@/.exec(String(value))?.[1]
      if (url !== undefined) expect(url, `${name}.${key}`).toMatch(/^\$\{[A-Z0-9_]+:\?/)
      // Optional ones default to an empty text; without a required one Compose refuses to start.
      // The name of a key is not secret; those of services have one.
      if (/(?<!SECRET_)ACCESS_KEY(_ID)?$/.test(key))
        expect(String(value), `${name}.${key}`).toMatch(/^\$\{S3_[A-Z_]*ACCESS_KEY:(\?.+|-slipway-[a-z]+)\}$/)
      else if (/PASSWORD|PWD|SECRET|_KEY$|API_KEY|TOKEN$/.test(key))
        expect(String(value), `${name}.${key}`).toMatch(/^\$\{[A-Z0-9_]+:(\?.+|-)\}$/)
    }
  }
  expect(text).not.toMatch(/password:\s*[a-z0-9]/i)
  expect(() => composeFile({})).toThrow(/make-env\.sh/)
})

it('make-env.sh generates every secret that the file requires', () => {
  const script = readFileSync(join(ROOT, 'deploy/make-env.sh'), 'utf8')
  const required = [...composeText().matchAll(/\$\{([A-Z0-9_]+):\?/g)].map(([, name]) => name)
  expect(new Set(required).size).toBeGreaterThan(4)
  for (const name of new Set(required)) expect(script, name).toContain(`\n${name}=`)
})

it('make-env.sh names what an existing .env lacks, with or without quotes, and changes nothing', () => {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-env-'))
  try {
    mkdirSync(join(folder, 'deploy'))
    copyFileSync(join(ROOT, 'deploy/make-env.sh'), join(folder, 'deploy/make-env.sh'))
    const partly =
      'POSTGRES_PASSWORD="a"\nTEMPORAL_DB_PASSWORD=\nS3_ACCESS_KEY=\'b\'\nS3_SECRET_KEY=""\nSLIPWAY_TOKEN=c\n'
    writeFileSync(join(folder, '.env'), partly)
    const { status, stderr } = spawnSync('sh', ['deploy/make-env.sh'], { cwd: folder, encoding: 'utf8' })
    expect(status).toBe(1)
    const missing = [...stderr.matchAll(/no value for (\w+)/g)].map(([, name]) => name)
    expect(missing).toEqual([
      'TEMPORAL_DB_PASSWORD',
      'SLIPWAY_MIGRATOR_PASSWORD',
      'SLIPWAY_RUNTIME_PASSWORD',
      'S3_SECRET_KEY',
      ...KEYS_OF_SERVICES,
    ])
    expect(stderr).toContain('nothing was changed')
    expect(readFileSync(join(folder, '.env'), 'utf8')).toBe(partly)
    expect(readdirSync(join(folder, 'deploy'))).toEqual(['make-env.sh'])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

it('make-env.sh missing adds the keys of services to an .env of an earlier version, once', () => {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-env-'))
  try {
    mkdirSync(join(folder, 'deploy'))
    copyFileSync(join(ROOT, 'deploy/make-env.sh'), join(folder, 'deploy/make-env.sh'))
    const env = join(folder, '.env')
    // Without a line break at its end.
    writeFileSync(env, 'S3_WORKER_SECRET_KEY=kept\nSLIPWAY_TOKEN=c')
    const add = () => execFileSync('sh', ['deploy/make-env.sh', 'missing'], { cwd: folder, encoding: 'utf8' })
    add()
    const added = readFileSync(env, 'utf8')
    const lines = added.trim().split('\n')
    expect(lines.slice(0, 2)).toEqual(['S3_WORKER_SECRET_KEY=kept', 'SLIPWAY_TOKEN=c'])
    const others = KEYS_OF_SERVICES.filter((name) => name !== 'S3_WORKER_SECRET_KEY')
    expect(lines.slice(2).map((line) => line.replace(/[0-9a-f]{48}$/, ''))).toEqual(others.map((name) => `${name}=`))
    expect(add()).toBe('')
    expect(readFileSync(env, 'utf8')).toBe(added)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

it('images are pinned, volumes are named, and mounted files exist', () => {
  const { volumes, configs } = rawCompose()
  for (const { file } of Object.values(configs)) expect(existsSync(join(ROOT, file)), file).toBe(true)
  // Folders of the host that make-env.sh makes.
  const script = readFileSync(join(ROOT, 'deploy/make-env.sh'), 'utf8')
  const used = new Set<string>()
  for (const [name, service] of services) {
    expect(service.image, name).toMatch(/^[a-z/-]+:v?\d+\.\d+(\.\d+)?[\w.-]*$/)
    for (const volume of service.volumes ?? []) {
      const [source = ''] = volume.split(':')
      if (source.startsWith('./')) {
        expect(script, `${name}: ${volume}`).toMatch(new RegExp(`mkdir -p .*${source.slice(2)}`))
        continue
      }
      expect(Object.keys(volumes), `${name}: ${volume}`).toContain(source)
      used.add(source)
    }
    for (const { source } of service.configs ?? []) expect(Object.keys(configs), name).toContain(source)
  }
  expect([...used].sort()).toEqual(Object.keys(volumes).sort())
  for (const [name, { ports = [] }] of services)
    for (const port of ports)
      expect(port, `${name} can be reached from this machine only, by default`).toMatch(/^127\.0\.0\.1:/)
})

/** Sources that Slipway's services run. */
function sources(): string {
  const files = importedFolders().flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
  )
  const own = files.filter((file) => file.endsWith('.ts')).map((file) => readFileSync(join(ROOT, file), 'utf8'))
  const library = readFileSync(join(ROOT, 'node_modules/@temporalio/envconfig/lib/envconfig-toml.js'), 'utf8')
  return [...own, library].join('\n')
}

it('the code reads every variable that Slipway’s services get', () => {
  const code = sources()
  const given = new Set(
    services.filter(([, { build }]) => build).flatMap(([, service]) => Object.keys(service.environment ?? {})),
  )
  expect(given.size).toBeGreaterThan(12)
  for (const name of given) expect(code, name).toMatch(new RegExp(`\\b${name}\\b`))
})

it('each task queue has a worker, and no worker serves an unknown queue', async () => {
  const queues = services.flatMap(([, { environment = {} }]) => environment.SLIPWAY_TASK_QUEUES ?? [])
  const projects = [...(await loadProjects()).keys()].map(projectTaskQueue)
  expect(queues.sort()).toEqual([TASK_QUEUE, ...projects].sort())
})

it('services run as one role, another role owns the tables, and only one job is superuser', () => {
  const urls = services.flatMap(([name, { environment = {} }]) => {
    const url = environment.SLIPWAY_DATABASE_URL
    return url
      ? [{ name, user: new URL(url).username, stays: !isJob(Object.fromEntries(services)[name] as Service) }]
      : []
  })
  expect(urls.filter(({ stays }) => stays).length).toBeGreaterThan(6)
  for (const { name, user, stays } of urls) if (stays) expect({ name, user }).toEqual({ name, user: 'slipway_runtime' })
  expect(urls.filter(({ user }) => user === 'slipway_migrator').map(({ name }) => name)).toEqual(['migrate'])
  const superuser = services.filter(([, { environment = {} }]) =>
    Object.values(environment).some((value) => String(value).includes('postgres://postgres:')),
  )
  expect(superuser.map(([name]) => name)).toEqual(['databases'])
})

/** Images that choose their user themselves: PostgreSQL's begins as root to own its folder, Temporal's are not root. */
const CHOOSE_THEIR_USER = ['postgres', 'temporal', 'temporal-schema']

it('no container can change its own programs, and none stays root', () => {
  for (const [name, { build, user, read_only, tmpfs = [], volumes: mounts = [], network_mode }] of services) {
    if (name === 'postgres')
      expect({ read_only, tmpfs }).toEqual({ read_only: true, tmpfs: ['/tmp:mode=1777', '/run/postgresql'] })
    if (CHOOSE_THEIR_USER.includes(name)) continue
    // Docker's own mode; podman's is another. Both take that of the folder in the image, where there is one.
    for (const memory of tmpfs) expect(memory, name).toMatch(/^\/[\w/]+:mode=1777$/)
    // The job that gives volumes to the user of the services reaches nothing else.
    if (name === 'owner') expect({ user, network_mode }).toEqual({ user: '0:0', network_mode: 'none' })
    else expect(user, name).toBe(build ? undefined : '1000:1000')
    // The Web UI writes its configuration when it starts.
    if (name !== 'temporal-ui')
      expect({ name, read_only, tmp: tmpfs.includes('/tmp:mode=1777') }).toEqual({ name, read_only: true, tmp: true })
    if (!build) continue
    const home = [
      ...tmpfs.map((memory) => memory.split(':')[0]),
      ...mounts.map((volume) => volume.split(':')[1]),
    ].filter((path) => path === '/var/lib/slipway')
    expect(home, `${name} can write SLIPWAY_HOME, in one place`).toHaveLength(1)
  }
})

it('keys for payloads and own projects reach every process of Slipway', () => {
  const settings = { SLIPWAY_PAYLOAD_KEYS: '/etc/slipway/keys/payload.json', SLIPWAY_PROJECTS: '/projects/parcels' }
  for (const [name, { build, environment, volumes: mounts = [] }] of Object.entries(
    composeFile({ ...secrets, ...settings }).services,
  )) {
    // Jobs of other servers need neither.
    if (!build || ['databases', 'owner', 'bucket'].includes(name)) continue
    expect(environment, name).toMatchObject(settings)
    expect(mounts, name).toContain('./deploy/keys:/etc/slipway/keys:ro')
  }
})

it('the override with a project of one’s own has its worker, its baseline, and waits for both before the build is current', () => {
  const merged = withOverride(
    composeFile({ ...secrets, SLIPWAY_IMAGE: 'slipway-own', SLIPWAY_PROJECTS: '/projects/parcels' }),
    ownProjects(),
  )
  const { baselines, 'worker-parcels': worker, 'current-build': current, worker: base } = merged.services
  expect(worker?.environment).toEqual({ ...base?.environment, SLIPWAY_TASK_QUEUES: projectTaskQueue('parcels') })
  expect(worker?.image).toMatch(/^slipway-own:/)
  expect(baselines?.command).toEqual([...(rawCompose().services.baselines?.command ?? []), 'parcels'])
  expect(Object.keys(current?.depends_on ?? {}).sort()).toEqual(
    Object.keys(merged.services)
      .filter((name) => name.startsWith('worker'))
      .sort(),
  )
  // The file says what belongs into .env.
  const text = readFileSync(join(ROOT, 'docker-compose.own.yml'), 'utf8')
  for (const name of [...text.matchAll(/^# {3}([A-Z_]+)=/gm)].map(([, found]) => found ?? ''))
    expect([...variablesOf(composeText()), 'COMPOSE_FILE']).toContain(name)
  if (schema) {
    const validate = new Ajv({ strict: false, validateFormats: false }).compile(schema)
    validate(ownProjects())
    expect(validate.errors ?? []).toEqual([])
  }
})
