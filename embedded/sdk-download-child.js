/**
 * Runs as a separate process, so that a download that hangs can be ended. Arguments: dev-server or time-skipping,
 * folder.
 */
import { TestWorkflowEnvironment } from '@temporalio/testing'

const [kind, downloadDir] = process.argv.slice(2)
const server = { executable: { type: 'cached-download', downloadDir } }
try {
  const environment =
    kind === 'dev-server'
      ? await TestWorkflowEnvironment.createLocal({ server })
      : await TestWorkflowEnvironment.createTimeSkipping({ server })
  await environment.teardown()
} catch (error) {
  console.error(String(error.message).replaceAll('\n', ' '))
  process.exitCode = 1
}
