/** Part of the workflow bundle: where a workflow's payloads are encrypted, so are the messages of its failures. */
import { DefaultFailureConverter } from '@temporalio/common'
import { isDecrypted } from './payload-converter.js'

const encoding = new DefaultFailureConverter({ encodeCommonAttributes: true })

class FollowingFailureConverter extends DefaultFailureConverter {
  override errorToFailure(...given: Parameters<DefaultFailureConverter['errorToFailure']>) {
    return isDecrypted() ? encoding.errorToFailure(...given) : super.errorToFailure(...given)
  }
}

export const failureConverter = new FollowingFailureConverter()
