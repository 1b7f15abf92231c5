import { createApp } from '../../http/index.js'
import type { DecisionService } from '../../serving/index.js'
import { createMetrics } from '../../serving/metrics.js'
import { type Field, fieldsOf, type JsonSchema } from './json-schema-fields.js'
import { code, GENERATED, page, table } from './markdown.js'

/** The parts of an OpenAPI document that the page shows. */
interface Content {
  readonly description?: string
  readonly content?: Readonly<Record<string, { readonly schema?: JsonSchema }>>
}
interface Operation {
  readonly summary?: string
  readonly description?: string
  readonly parameters?: readonly {
    readonly name: string
    readonly in: string
    readonly required?: boolean
    readonly description?: string
  }[]
  readonly requestBody?: Content
  readonly responses: Readonly<Record<string, Content>>
}
interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> }
}

/** Routes that are not part of the OpenAPI document: for probes and browsers. */
const PLAIN: Readonly<Record<string, string>> = {
  '/openapi.json': 'This interface as OpenAPI 3.1; each project’s input is among its schemas as `input_<project>`.',
  '/healthz': 'Answers 200 as long as the process runs.',
  '/readyz':
    '200 once the service follows the registry, else 503; for each project the releases that answer, how fresh the aliases are, and what is wrong.',
  '/login':
    'Sends a browser to the OpenID issuer, and afterwards to the path of `?next=`. Only where a login is configured.',
  '/callback': 'Where the issuer sends the browser back to.',
  '/session': 'The name of the person who is logged in, and the token of forms and of the header `x-csrf-token`.',
  '/metrics': 'Prometheus metrics; see [metrics](metrics.md).',
  '/': '[The console](../console.md), for browsers: all projects.',
  '/projects/:project': 'The console: the releases of a project. `before` names the last run of the page before.',
  '/projects/:project/releases/:trigger': 'The console: a release.',
  '/projects/:project/releases/:trigger/report': 'The report of a release, as `slipway report` writes it.',
  '/projects/:project/releases/:trigger/record': 'The ledger entries of a release, a line of JSON each.',
  '/projects/:project/releases/:trigger/actions/:action':
    'The console: the consequence of an operator action, and its form, which is sent to the same address.',
  '/projects/:project/rollback': 'The console: the same for a rollback. `to` names the release.',
  '/projects/:project/start': 'The console: the same for the start of a release.',
  '/projects/:project/policy':
    'The console: a policy planned for known traffic (`ask=plan`) or simulated (`ask=simulate`), with the other fields of the form. 400 with what is wrong, 503 when too many computations wait.',
  '/projects/:project/releases/:trigger/policy':
    'The console: a release judged by another policy (`ask=replay`), with the other fields of the form.',
  '/projects/:project/history':
    'The console: alias moves, metrics across releases, the difference of releases `a` and `b`, and production at the time `at`.',
  '/projects/:project/labels':
    'Labels of the project, 50 a page: unjoined and early ones, corrected ones, and how long labels take. Query: `early` and `corrected`, where a page begins.',
  '/console/events':
    'Server-sent events with the content of the page that `of` names, when it changes. 503 beyond 500 streams. The stream of a known caller ends after 15 minutes; open it again.',
  '/console/:file': 'Script and style sheet of the console.',
}

export async function httpReference(): Promise<string> {
  const app = createApp(
    { projects: new Map(), metrics: createMetrics() } as Partial<DecisionService> as DecisionService,
    {
      tokens: [],
      requestsPerSecond: 1,
      bodyBytes: 1,
      workflowUrl: () => null,
      version: '0',
    },
  )
  const document = (await (await app.request('/openapi.json')).json()) as OpenApi
  const plain = [...new Set(app.routes.filter(({ method }) => method === 'GET').map(({ path }) => path))].filter(
    (path) => !path.includes('*') && !Object.keys(document.paths).includes(path.replaceAll(/:(\w+)/g, '{$1}')),
  )
  return page(
    '# HTTP',
    GENERATED,
    'The decision service listens on `http://127.0.0.1:7070` unless [configured](configuration.md) otherwise. Bodies are JSON. A request that is ' +
      'not answered gets a problem document (`application/problem+json`, RFC 9457) with `status`, `title` and `detail`. With tokens, send ' +
      '`Authorization: Bearer TOKEN`; [serving](../serving.md) has the roles.',
    '## Without a version',
    table(
      ['route', 'meaning'],
      plain.map((path) => [code(`GET ${path}`), PLAIN[path] ?? missing(path)]),
    ),
    ...Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.entries(operations).flatMap(([method, operation]) =>
        section(`${method.toUpperCase()} ${path}`, operation, document),
      ),
    ),
  )
}

function section(title: string, operation: Operation, document: OpenApi): string[] {
  const { summary, description, parameters = [], requestBody, responses } = operation
  const request = Object.values(requestBody?.content ?? {})[0]?.schema
  const answer = Object.entries(responses).find(([status]) => status.startsWith('2'))?.[1]
  const answered = Object.values(answer?.content ?? {})[0]?.schema
  const queries = parameters.filter((parameter) => parameter.in === 'query')
  return [
    `## ${title}`,
    [summary, description]
      .filter(Boolean)
      .map((text) => `${text?.replace(/\.$/, '')}.`)
      .join(' '),
    ...(queries.length > 0
      ? [
          'Query:',
          table(
            ['name', 'meaning'],
            queries.map(({ name, description: about = '' }) => [code(name), about]),
          ),
        ]
      : []),
    ...fields('Request:', request, document),
    ...fields('Answer:', answered, document),
    table(
      ['status', 'meaning'],
      Object.entries(responses).map(([status, { description: about = '' }]) => [status, about]),
    ),
  ]
}

function fields(title: string, schema: JsonSchema | undefined, document: OpenApi): string[] {
  const rows = schema === undefined ? [] : fieldsOf(schema, { definitions: document.components.schemas })
  return rows.length === 0 ? [] : [title, fieldTable(rows)]
}

const fieldTable = (rows: readonly Field[]): string =>
  table(
    ['field', 'type', 'meaning'],
    rows.map(({ path, type, required, description }) => [
      code(path),
      required ? type : `${type}, optional`,
      description,
    ]),
  )

function missing(path: string): never {
  throw new Error(`${path} has no description; add it to PLAIN in scripts/docs/http-reference.ts`)
}
