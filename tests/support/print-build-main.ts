/** Prints the build id of the workflow bundle that a worker of these sources runs. */
import { buildIdOf, workflowBundle } from '../../workers/workflow-build.js'

process.stdout.write(buildIdOf(await workflowBundle({})))
