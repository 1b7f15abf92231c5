/** What has to end before a server can close: streams would keep it open. */
import type { App } from './app-options.js'

const closers = new WeakMap<App, (() => void)[]>()

export const beforeClose = (app: App, end: () => void): void => {
  closers.set(app, [...(closers.get(app) ?? []), end])
}

export const endStreams = (app: App): void => {
  for (const end of closers.get(app) ?? []) end()
}
