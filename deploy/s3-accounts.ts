/**
 * Who may do what with the artifacts. A service has its own key, so that one that is taken over can remove nothing,
 * and its key can be withdrawn alone.
 */

/** Objects below the place of `SLIPWAY_ARTIFACTS`: artifacts by digest, and the daily heads of the ledgers. */
const ARTIFACTS = 'sha256/*'
const HEADS = 'heads/*'
const ALL = '*'

export interface Rights {
  readonly read: string
  readonly write?: readonly string[]
  readonly remove?: readonly string[]
}

export interface Account {
  /** Variables with the two parts of its key. */
  readonly access: string
  readonly secret: string
  readonly rights: Rights
}

export const ACCOUNTS: Readonly<Record<string, Account>> = {
  // Stores data that a user sends over HTTP.
  decisions: {
    access: 'S3_DECISIONS_ACCESS_KEY',
    secret: 'S3_DECISIONS_SECRET_KEY',
    rights: { read: ALL, write: [ARTIFACTS] },
  },
  // Workers, baselines and the command line.
  worker: {
    access: 'S3_WORKER_ACCESS_KEY',
    secret: 'S3_WORKER_SECRET_KEY',
    rights: { read: ALL, write: [ARTIFACTS, HEADS] },
  },
  // The notifier, and the job that makes a build current.
  reader: {
    access: 'S3_READER_ACCESS_KEY',
    secret: 'S3_READER_SECRET_KEY',
    rights: { read: ALL },
  },
  // `registry prune --apply`, in the container that owns the tables.
  retention: {
    access: 'S3_RETENTION_ACCESS_KEY',
    secret: 'S3_RETENTION_SECRET_KEY',
    rights: { read: ALL, remove: [ARTIFACTS] },
  },
}

/** A statement for each right of each account. @param place bucket, or `bucket/prefix` */
export function bucketPolicy(place: string, keys: Readonly<Record<string, string>>): object {
  const [bucket = ''] = place.split('/')
  const allow = (principals: readonly string[], action: string, resources: readonly string[]) => ({
    Effect: 'Allow',
    Principal: { AWS: principals },
    Action: [action],
    Resource: resources.map((resource) => `arn:aws:s3:::${resource}`),
  })
  const below = (paths: readonly string[] = []) => paths.map((path) => `${place}/${path}`)
  const statements = Object.entries(ACCOUNTS).flatMap(([name, { rights }]) => {
    const principal = [keys[name] ?? '']
    return [
      allow(principal, 's3:GetObject', below([rights.read])),
      ...(rights.write ? [allow(principal, 's3:PutObject', below(rights.write))] : []),
      ...(rights.remove ? [allow(principal, 's3:DeleteObject', below(rights.remove))] : []),
    ]
  })
  // Without it a server may answer 403 where an object is missing.
  return { Version: '2012-10-17', Statement: [allow(Object.values(keys), 's3:ListBucket', [bucket]), ...statements] }
}
