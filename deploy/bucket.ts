/**
 * Creates the bucket of the artifacts, an account for each service, and the policy that says what each may do, as the
 * owner of the S3 server: `node bin/run.js deploy/bucket.ts`. Running it again sets secrets and policy to those of the
 * environment. Another server than versitygw has other ways to make accounts; there it checks only that each key can
 * read.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { AwsClient } from 'aws4fetch'
import { required } from './environment.js'
import { ACCOUNTS, bucketPolicy } from './s3-accounts.js'

/** An account that has just been made may not be known to every part of the server. */
const USABLE_WITHIN_MS = 30_000

const endpoint = required('AWS_ENDPOINT_URL_S3').replace(/\/$/, '')
const region = required('AWS_REGION')
const signedBy = (accessKeyId: string, secretAccessKey: string) =>
  new AwsClient({ accessKeyId, secretAccessKey, service: 's3', region })
const owner = signedBy(required('AWS_ACCESS_KEY_ID'), required('AWS_SECRET_ACCESS_KEY'))

async function makeBucket(bucket: string): Promise<void> {
  const url = `${endpoint}/${bucket}`
  if ((await owner.fetch(url, { method: 'HEAD' })).ok) return
  const made = await owner.fetch(url, { method: 'PUT' })
  if (!made.ok && made.status !== 409) throw new Error(`bucket ${bucket}: ${made.status} ${await made.text()}`)
  process.stdout.write(`bucket ${bucket} created\n`)
}

const administer = (path: string, body?: string): Promise<Response> =>
  owner.fetch(`${endpoint}/${path}`, { method: 'PATCH', ...(body === undefined ? {} : { body }) })

const escaped = (text: string): string => text.replace(/[<>&]/g, (letter) => `&#${letter.charCodeAt(0)};`)

async function makeAccount(access: string, secret: string): Promise<void> {
  const fields = `<Access>${escaped(access)}</Access><Secret>${escaped(secret)}</Secret><Role>user</Role>`
  const made = await administer('create-user', `<Account>${fields}</Account>`)
  if (made.ok) return
  const props = `<MutableProps><Secret>${escaped(secret)}</Secret><Role>user</Role></MutableProps>`
  const changed = await administer(`update-user?access=${encodeURIComponent(access)}`, props)
  if (!changed.ok) throw new Error(`account ${access}: ${made.status} ${await made.text()}; ${changed.status}`)
}

async function setPolicy(place: string, keys: Readonly<Record<string, string>>): Promise<void> {
  const [bucket] = place.split('/')
  const body = JSON.stringify(bucketPolicy(place, keys))
  const set = await owner.fetch(`${endpoint}/${bucket}?policy`, { method: 'PUT', body })
  if (!set.ok) throw new Error(`policy of bucket ${bucket}: ${set.status} ${await set.text()}`)
}

/** An object that is not there is read as such only with the right to read it. */
async function requireReadable(place: string, name: string, access: string, secret: string): Promise<void> {
  const client = signedBy(access, secret)
  for (const deadline = Date.now() + USABLE_WITHIN_MS; ; await pause(500)) {
    const { status } = await client.fetch(`${endpoint}/${place}/sha256/none`, { method: 'HEAD' })
    if (status === 404 || status === 200) return
    if (Date.now() > deadline)
      throw new Error(`${access} (${name}) cannot read ${place}: ${status}; docs/deploying.md#keys-of-the-artifacts`)
  }
}

const [, place] = /^s3:\/\/(.+?)\/?$/.exec(required('SLIPWAY_ARTIFACTS')) ?? []
if (place) {
  const keys = Object.fromEntries(Object.entries(ACCOUNTS).map(([name, { access }]) => [name, required(access)]))
  await makeBucket(place.split('/')[0] ?? '')
  const managed = (await administer('list-users')).ok
  if (managed) {
    for (const { access, secret } of Object.values(ACCOUNTS)) await makeAccount(required(access), required(secret))
    await setPolicy(place, keys)
  }
  for (const [name, { access, secret }] of Object.entries(ACCOUNTS))
    await requireReadable(place, name, required(access), required(secret))
  process.stdout.write(
    `bucket ${place}: ${Object.values(keys).join(', ')} can read it${managed ? ', and do what its policy says' : ''}\n`,
  )
}
