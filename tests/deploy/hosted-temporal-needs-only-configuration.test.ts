/** TLS, API key, client certificate and profiles in Temporal's variables, against a server that requires them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { temporalOfEnvironment } from '../../workers/temporal-environment.js'
import { type DevServer, devServer } from '../support/dev-server.js'
import { slipway } from '../support/slipway.js'
import { type TlsProxy, tlsProxy } from '../support/tls-proxy.js'
import { startWorkerProcess } from '../support/worker-process.js'

let on: DevServer
let front: TlsProxy
const folder = mkdtempSync(join(tmpdir(), 'slipway-tls-'))
beforeAll(async () => {
  on = await devServer()
  front = await tlsProxy(on.environment.TEMPORAL_ADDRESS ?? '', folder)
})
afterAll(async () => {
  await front?.stop()
  await on?.close()
  rmSync(folder, { recursive: true, force: true })
})

const byKey = () => ({
  TEMPORAL_ADDRESS: front.address,
  TEMPORAL_API_KEY: front.apiKey,
  TEMPORAL_TLS_SERVER_CA_CERT_PATH: front.authority,
})
const doctor = async (environment: Record<string, string>) => {
  const { stdout } = await slipway(['doctor', '--json'], { ...on.environment, ...environment })
  return (JSON.parse(stdout) as { name: string; ok: boolean; detail: string }[]).find(({ name }) => name === 'Temporal')
}

it('a release reaches its verdict: the worker uses a profile with a client certificate, the command line an API key', async () => {
  const file = join(folder, 'temporal.toml')
  writeFileSync(
    file,
    `[profile.hosted]
address = "${front.address}"
namespace = "default"
[profile.hosted.tls]
client_cert_path = "${front.certificate}"
client_key_path = "${front.key}"
server_ca_cert_path = "${front.authority}"
server_name = "temporal.example"
`,
  )
  // An empty variable counts as unset: compose files pass on empty ones.
  const profile = { TEMPORAL_CONFIG_FILE: file, TEMPORAL_PROFILE: 'hosted', TEMPORAL_ADDRESS: '', TEMPORAL_API_KEY: '' }
  const worker = await startWorkerProcess({ ...on.environment, ...profile })
  try {
    const args = [
      'release',
      'start',
      'toy',
      '--cutoff',
      '2001-01-20',
      '--trigger',
      'hosted',
      '--speed',
      '864000',
      '--wait',
      '--json',
    ]
    const { code, stdout, stderr } = await slipway(args, { ...on.environment, ...byKey() })
    expect({ code, stderr }).toMatchObject({ code: 0 })
    expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toMatchObject({ verdict: 'promoted' })
    expect(front.passed.apiKey).toBeGreaterThan(0)
    expect(front.passed.certificate).toBeGreaterThan(20)
    expect(await doctor(byKey())).toMatchObject({ ok: true, detail: `answers at ${front.address} over TLS` })
  } finally {
    await worker.stop()
  }
})

it('a client that Temporal refuses reports it in one line', async () => {
  const list = async (environment: Record<string, string>) => {
    const { code, stderr } = await slipway(['schedule', 'list'], { ...on.environment, ...environment })
    return { code, lines: stderr.trim().split('\n').length, stderr }
  }
  const wrongKey = { ...byKey(), TEMPORAL_API_KEY: 'another' }
  const noAuthority = { ...byKey(), TEMPORAL_TLS_SERVER_CA_CERT_PATH: '' }
  const wrongName = { ...byKey(), TEMPORAL_TLS_SERVER_NAME: 'other.example' }
  const [key, authority, name, plain] = await Promise.all(
    [wrongKey, noAuthority, wrongName, { TEMPORAL_ADDRESS: front.address }].map(list),
  )
  for (const ended of [key, authority, name, plain]) expect(ended, ended?.stderr).toMatchObject({ code: 1, lines: 1 })
  expect(key?.stderr).toContain(`no Temporal server answers at ${front.address} over TLS (Request unauthorized.)`)
  for (const ended of [authority, name]) expect(ended?.stderr).toContain(`at ${front.address} over TLS (`)
  expect(plain?.stderr).toMatch(new RegExp(`at ${front.address} \\(.*TEMPORAL_TLS`))
})

it('a worker that Temporal refuses reports it in one line', async () => {
  const wrong = { ...on.environment, ...byKey(), TEMPORAL_API_KEY: 'another' }
  await expect(startWorkerProcess(wrong)).rejects.toThrow(
    /ended with 1: slipway worker: no Temporal answers at \S+ \(TLS\): .*nauthorized/,
  )
})

it('settings that the library would ignore silently are refused with the name of the variable', () => {
  const of = (env: Record<string, string>) => () =>
    temporalOfEnvironment({ TEMPORAL_ADDRESS: 'a.example:7233', ...env })
  expect(of({})()).toEqual({ namespace: 'default', connection: { address: 'a.example:7233' } })
  expect(temporalOfEnvironment({ TEMPORAL_ADDRESS: '', TEMPORAL_TLS: 'true' })).toBeNull()
  expect(of({ TEMPORAL_API_KEY: 'k' })()?.connection.tls).toBe(true)
  expect(of({ TEMPORAL_TLS: 'yes' })).toThrow('TEMPORAL_TLS is "yes"; it must be true or false')
  expect(of({ TEMPORAL_API_KEY: 'k', TEMPORAL_TLS: 'false' })).toThrow('would be sent without encryption')
  expect(of({ TEMPORAL_TLS_CLIENT_CERT_PATH: front.certificate })).toThrow('needs its key')
  expect(of({ TEMPORAL_TLS_SERVER_CA_CERT_PATH: '/nowhere.pem' })).toThrow(
    '"/nowhere.pem", which cannot be read (ENOENT)',
  )
  expect(of({ TEMPORAL_TLS_SERVER_CA_CERT_PATH: import.meta.filename.replace('.test.ts', '.json') })).toThrow(
    'cannot be read',
  )
  expect(of({ TEMPORAL_TLS_DISABLE_HOST_VERIFICATION: 'true' })).toThrow('is not supported')
  expect(of({ TEMPORAL_CONFIG_FILE: '/nowhere.toml' })).toThrow(
    'TEMPORAL_CONFIG_FILE is "/nowhere.toml", which cannot be read (ENOENT)',
  )
  const file = join(folder, 'empty.toml')
  writeFileSync(file, '[profile.default]\naddres = "x"\n')
  expect(of({ TEMPORAL_CONFIG_FILE: file })).toThrow(/addres/)
  writeFileSync(file, '[profile.default]\n')
  expect(of({ TEMPORAL_CONFIG_FILE: file, TEMPORAL_PROFILE: 'other' })).toThrow("Profile 'other' not found")
  expect(of({ TEMPORAL_CONFIG_FILE: file, TEMPORAL_ADDRESS: '' })).toThrow('it has no address; set TEMPORAL_ADDRESS')
})
