/**
 * Every environment variable that Slipway reads: the source of docs/reference/configuration.md. Unset and empty are the
 * same.
 */

export interface EnvironmentVariable {
  readonly name: string
  /** What holds when it is unset. */
  readonly default: string
  readonly meaning: string
}

const SERVERS: readonly EnvironmentVariable[] = [
  {
    name: 'SLIPWAY_HOME',
    default: '`.slipway` in the working directory',
    meaning: 'Folder of embedded servers, artifacts, checkpoints, spool and tokens.',
  },
  {
    name: 'SLIPWAY_DATABASE_URL',
    default: 'an embedded PostgreSQL in `SLIPWAY_HOME`',
    meaning: 'The registry, as `postgres://user:password@host:port/database`. PostgreSQL 15 or newer.',
  },
  {
    name: 'SLIPWAY_ARTIFACTS',
    default: '`artifacts` in `SLIPWAY_HOME`',
    meaning: 'Where artifacts are stored: a folder, or `s3://bucket/prefix`.',
  },
  {
    name: 'SLIPWAY_ARTIFACT_CACHE',
    default: 'the temporary folder of the machine',
    meaning: 'With `s3://`: folder of the local copies of artifacts. Processes may share it.',
  },
  {
    name: 'SLIPWAY_ARTIFACT_CACHE_GIB',
    default: '10',
    meaning:
      'With `s3://`: bound in GiB of the local copies of artifacts. The copy that was used longest ago is removed first; none that was used within a day.',
  },
  {
    name: 'SLIPWAY_PROJECTS',
    default: 'only the projects that come with Slipway',
    meaning: 'Folders of other projects, separated as in `PATH`. The option `--projects` adds to it.',
  },
  {
    name: 'SLIPWAY_CACHE',
    default: '`slipway` in `XDG_CACHE_HOME`, else `~/.cache/slipway`',
    meaning: 'Where downloaded or built servers are cached for all clones of a user.',
  },
  {
    name: 'XDG_CACHE_HOME',
    default: '`~/.cache`',
    meaning: 'Parent of the cache folder, as on other systems that follow the XDG specification.',
  },
  {
    name: 'SLIPWAY_DEBUG',
    default: 'off',
    meaning: 'Set to anything: an unexpected error prints its stack trace.',
  },
]

const TEMPORAL: readonly EnvironmentVariable[] = [
  {
    name: 'TEMPORAL_ADDRESS',
    default: 'an embedded dev server',
    meaning:
      'Host and port of a Temporal server. This and the other `TEMPORAL_*` variables are Temporal’s own client settings.',
  },
  { name: 'TEMPORAL_NAMESPACE', default: '`default`', meaning: 'Temporal namespace.' },
  { name: 'TEMPORAL_API_KEY', default: 'none', meaning: 'API key of a hosted Temporal; implies TLS.' },
  { name: 'TEMPORAL_TLS', default: 'on with an API key or a certificate, else off', meaning: '`true` or `false`.' },
  {
    name: 'TEMPORAL_TLS_CLIENT_CERT_PATH',
    default: 'none',
    meaning: 'Client certificate (PEM). Needs its key. `_DATA` instead of `_PATH` holds the PEM text itself.',
  },
  {
    name: 'TEMPORAL_TLS_CLIENT_KEY_PATH',
    default: 'none',
    meaning: 'Key of the client certificate (PEM), or `_DATA`.',
  },
  {
    name: 'TEMPORAL_TLS_SERVER_CA_CERT_PATH',
    default: 'the authorities of the system',
    meaning: 'Authority of the server’s certificate (PEM), or `_DATA`.',
  },
  {
    name: 'TEMPORAL_TLS_SERVER_NAME',
    default: 'the host of the address',
    meaning: 'Name in the server’s certificate.',
  },
  { name: 'TEMPORAL_PROFILE', default: 'none', meaning: 'Profile of Temporal’s configuration file.' },
  {
    name: 'TEMPORAL_CONFIG_FILE',
    default: 'none',
    meaning: 'Temporal’s configuration file. Read only if it is named.',
  },
  {
    name: 'SLIPWAY_PAYLOAD_KEYS',
    default: 'none: payloads are readable on the Temporal server',
    meaning:
      'JSON file of keys that encrypt what Temporal stores, the same for all processes: [deploying](../deploying.md#encryption).',
  },
  { name: 'TEMPORAL_UI_URL', default: 'none', meaning: 'Temporal Web UI, for links to runs.' },
]

const SERVICE: readonly EnvironmentVariable[] = [
  { name: 'SLIPWAY_PORT', default: '7070, else the next free port', meaning: 'Port of the decision service.' },
  {
    name: 'SLIPWAY_BIND',
    default: '`127.0.0.1`',
    meaning: 'Address to listen on. One that other machines reach needs at least one token.',
  },
  {
    name: 'SLIPWAY_TOKENS',
    default: '`tokens.json` in `SLIPWAY_HOME`',
    meaning: 'File of hashed tokens, written by `slipway token new`.',
  },
  {
    name: 'SLIPWAY_TOKEN',
    default: 'none',
    meaning: 'Token that `slipway traffic` and commands with `--server` send with their requests.',
  },
  {
    name: 'SLIPWAY_SERVER',
    default: 'none',
    meaning:
      'Address of a decision service that does operator actions, rollbacks, starts and pauses of schedules for the command line, as with `--server`.',
  },
  {
    name: 'SLIPWAY_IDENTITY',
    default: 'none',
    meaning:
      'JSON file that names an OpenID issuer and the roles of its groups: [serving](../serving.md#identity). Needs `SLIPWAY_IDENTITY_SECRET`.',
  },
  {
    name: 'SLIPWAY_IDENTITY_SECRET',
    default: 'none: names are stated, not proven',
    meaning:
      'Secret of at least 32 characters, the same for decision services and workers: a service signs the names that it has proven, and workers verify them. Where it is set, only proven names approve a promotion.',
  },
  {
    name: 'SLIPWAY_OIDC_CLIENT_SECRET',
    default: 'none: a public client',
    meaning: 'Secret of the client at the OpenID issuer with which people log in in a browser.',
  },
  {
    name: 'SLIPWAY_BODY_BYTES',
    default: '1048576, and what the input schema of the project permits',
    meaning: 'Largest request body in bytes. Set, it is the limit of every request.',
  },
  {
    name: 'SLIPWAY_SNAPSHOT_BYTES',
    default: '2147483648 (2 GiB)',
    meaning:
      'Largest data in bytes that `slipway snapshot add` and `POST …/snapshots` store at once; at most 5 GiB, what S3 takes in one request.',
  },
  {
    name: 'SLIPWAY_REQUESTS_PER_SECOND',
    default: '10000',
    meaning: 'Requests per second of one caller; more are answered with 429.',
  },
]

const COMMANDS: readonly EnvironmentVariable[] = [
  {
    name: 'SLIPWAY_LOG',
    default: '`text`',
    meaning:
      '`json`: workers, decision services and the notifier log one JSON object a line on stderr; those of workers have the workflow id, task queue and activity.',
  },
  {
    name: 'SLIPWAY_ACTOR',
    default: 'the user of the operating system',
    meaning: 'Your name, recorded with what you start (`--by`).',
  },
  {
    name: 'SLIPWAY_ACTOR_REQUIRED',
    default: 'off',
    meaning:
      'Any value: refuse to start a release without `SLIPWAY_ACTOR` or `--by`. For containers, where everyone is the same user.',
  },
]

const NOTICES: readonly EnvironmentVariable[] = [
  { name: 'SLIPWAY_WEBHOOK_URL', default: 'none', meaning: 'Receives each notice by POST, at least once.' },
  {
    name: 'SLIPWAY_WEBHOOK_SECRET',
    default: 'none',
    meaning:
      'Signs webhook requests as [Standard Webhooks](../operating.md#notices) say. Needed with a URL. One that begins with `whsec_` is base64 after that.',
  },
]

const WORKERS: readonly EnvironmentVariable[] = [
  {
    name: 'SLIPWAY_TASK_QUEUES',
    default: 'all',
    meaning: 'Task queues that a worker serves, separated by commas: `slipway`, `slipway-<project>`.',
  },
  {
    name: 'SLIPWAY_WORKFLOW_BUNDLE',
    default: 'bundled at start',
    meaning: 'Workflow bundle made by `npm run build:workflows`.',
  },
  {
    name: 'SLIPWAY_DEPLOYMENT',
    default: 'unversioned',
    meaning: 'Worker Deployment that workers and `slipway upgrade` belong to.',
  },
  {
    name: 'SLIPWAY_TRAINER_VARIABLES',
    default: 'none',
    meaning:
      'Names of more environment variables that trainers get, separated by commas, as in `HF_HOME,WANDB_MODE`; none of Slipway’s own. [Which they always get](../trainer-contract.md#environment).',
  },
  {
    name: 'SLIPWAY_TRAINER_USER',
    default: 'the worker’s user',
    meaning:
      'Numbers of the user and group that trainers run as, as in `65534:65534`, where the worker runs as root: then they can read neither its environment nor its files. [What is held](../trainer-contract.md#secrets).',
  },
  { name: 'SLIPWAY_METRICS', default: 'off', meaning: '`host:port` where a worker serves Prometheus metrics.' },
  {
    name: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    default: 'off',
    meaning:
      'Address of an OTLP receiver (HTTP) to which workers and decision services send [traces](../deploying.md#traces).',
  },
  {
    name: 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
    default: 'off',
    meaning: 'The same, with the whole address for traces.',
  },
  {
    name: 'OTEL_EXPORTER_OTLP_HEADERS',
    default: 'none',
    meaning: 'Headers for the receiver, such as its token, as in `authorization=Bearer%20…`.',
  },
  {
    name: 'OTEL_BSP_SCHEDULE_DELAY',
    default: '`5000`',
    meaning: 'Milliseconds between two deliveries to the receiver.',
  },
  { name: 'OTEL_SDK_DISABLED', default: '`false`', meaning: '`true` sends no traces, whatever else is set.' },
]

const S3: readonly EnvironmentVariable[] = [
  { name: 'AWS_ACCESS_KEY_ID', default: 'required with `s3://`', meaning: 'Access key.' },
  { name: 'AWS_SECRET_ACCESS_KEY', default: 'required with `s3://`', meaning: 'Secret key.' },
  { name: 'AWS_SESSION_TOKEN', default: 'none', meaning: 'Session token of temporary credentials.' },
  { name: 'AWS_REGION', default: '`AWS_DEFAULT_REGION`, else `us-east-1`', meaning: 'Region of the bucket.' },
  { name: 'AWS_DEFAULT_REGION', default: '`us-east-1`', meaning: 'Region, where `AWS_REGION` is unset.' },
  {
    name: 'AWS_ENDPOINT_URL_S3',
    default: '`AWS_ENDPOINT_URL`, else Amazon’s',
    meaning: 'Address of another S3 server.',
  },
  { name: 'AWS_ENDPOINT_URL', default: 'Amazon’s', meaning: 'The same for all services.' },
]

const DEPLOYMENT: readonly EnvironmentVariable[] = [
  {
    name: 'SLIPWAY_MIGRATOR_DATABASE_URL',
    default: 'required by the job `databases`',
    meaning: 'The registry as the owner of its tables; the job `databases` creates this role.',
  },
  {
    name: 'TEMPORAL_DATABASE_URL',
    default: 'required by the job `databases`',
    meaning: 'Temporal’s database; the job `databases` creates its role.',
  },
]

/** In the order of the page: title of a section → its variables. */
export const ENVIRONMENT_VARIABLES: ReadonlyMap<string, readonly EnvironmentVariable[]> = new Map([
  ['Servers and folders', SERVERS],
  ['Temporal', TEMPORAL],
  ['Decision service', SERVICE],
  ['Command line', COMMANDS],
  ['Notices', NOTICES],
  ['Workers', WORKERS],
  ['Artifacts in S3', S3],
  ['Jobs of the Compose file', DEPLOYMENT],
])
