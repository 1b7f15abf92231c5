import { ENVIRONMENT_VARIABLES } from '../../contracts/environment-variables.js'
import { SlipwayError } from '../../contracts/failure.js'
import { isSecretFile } from '../../contracts/secret-files.js'

/** Each of these by its exact name. */
const ALLOWED = new Set(
  [
    'PATH HOME USER LOGNAME SHELL TMPDIR TMP TEMP TZ TERM LANG LANGUAGE',
    'LC_ALL LC_COLLATE LC_CTYPE LC_MESSAGES LC_MONETARY LC_NUMERIC LC_TIME',
    'XDG_CACHE_HOME XDG_CONFIG_HOME XDG_DATA_HOME SLIPWAY_CACHE',
    // Node, Python, and the libraries that they load.
    'NODE_OPTIONS NODE_PATH NODE_ENV UV_THREADPOOL_SIZE LD_LIBRARY_PATH DYLD_LIBRARY_PATH',
    'VIRTUAL_ENV CONDA_PREFIX PYENV_ROOT PYTHONPATH PYTHONHOME PYTHONHASHSEED',
    'PIP_INDEX_URL PIP_EXTRA_INDEX_URL PIP_FIND_LINKS PIP_CERT PIP_CACHE_DIR PIP_DEFAULT_TIMEOUT',
    // Processors and threads.
    'CUDA_VISIBLE_DEVICES CUDA_DEVICE_ORDER CUDA_HOME CUDA_PATH CUBLAS_WORKSPACE_CONFIG',
    'NVIDIA_VISIBLE_DEVICES NVIDIA_DRIVER_CAPABILITIES ROCR_VISIBLE_DEVICES HIP_VISIBLE_DEVICES',
    'OMP_NUM_THREADS MKL_NUM_THREADS OPENBLAS_NUM_THREADS NUMEXPR_NUM_THREADS',
    'TF_CPP_MIN_LOG_LEVEL TF_ENABLE_ONEDNN_OPTS TF_DETERMINISTIC_OPS',
    // A network with proxies or an authority of its own.
    'HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY http_proxy https_proxy all_proxy no_proxy',
    'NODE_EXTRA_CA_CERTS SSL_CERT_FILE SSL_CERT_DIR REQUESTS_CA_BUNDLE CURL_CA_BUNDLE',
  ].flatMap((names) => names.split(' ')),
)

/** More names, separated by commas. */
const MORE = 'SLIPWAY_TRAINER_VARIABLES'

/** Variables that Slipway reads: addresses, keys and secrets among them. */
const OWN = new Set([...ENVIRONMENT_VARIABLES.values()].flat().map(({ name }) => name))
const isOwn = (name: string): boolean => OWN.has(name) || isSecretFile(name) || /^(SLIPWAY|TEMPORAL)_/i.test(name)

/** `https://user:password@host/`. */
const holdsCredentials = (value: string): boolean => /:\/\/[^/?#\s]*@/.test(value)

/**
 * A trainer's environment: the variables of a fixed list, without values that hold a user or a password, and those that
 * an operator names. It gets no access to the registry, Temporal, the artifact store or a webhook: only the workflow
 * moves aliases. Programs that it starts, in Python for example, inherit its environment.
 * @throws SlipwayError BadRequest if a named variable is one of Slipway's own
 */
export function trainerEnvironment(worker: NodeJS.ProcessEnv): Record<string, string> {
  const named = (worker[MORE] ?? '').split(',').map((name) => name.trim())
  const refused = named.find(isOwn)
  if (refused !== undefined)
    throw new SlipwayError('BadRequest', `${MORE} names ${refused}, which is Slipway's own; a trainer must not have it`)
  const kept = (name: string, value: string) => named.includes(name) || (ALLOWED.has(name) && !holdsCredentials(value))
  return Object.fromEntries(
    Object.entries(worker).filter((one): one is [string, string] => one[1] !== undefined && kept(one[0], one[1])),
  )
}
