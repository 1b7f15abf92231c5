/**
 * The commands there are, in the order of the help. A command's module is loaded when it is asked for: all of them together
 * cost over a second. What the help says of the others stands here; a test holds it against the modules.
 */
import type { Command } from 'commander'

interface CommandEntry {
  /** Name and arguments. */
  readonly usage: string
  readonly about: string
  /** With commands of its own, and no options. */
  readonly group?: true
  readonly load: () => Promise<(program: Command) => void>
}

const COMMANDS: readonly CommandEntry[] = [
  {
    usage: 'demo',
    about: 'run the candidates of every project to their verdicts, with time compressed',
    load: async () => (await import('./demo.js')).registerDemoCommand,
  },
  {
    usage: 'up',
    about: 'start Temporal, registry, workers and the decision service; stays up until Ctrl-C',
    load: async () => (await import('./up.js')).registerUpCommand,
  },
  {
    usage: 'project',
    about: 'the projects there are',
    group: true,
    load: async () => (await import('./project.js')).registerProjectCommands,
  },
  {
    usage: 'release',
    about: 'start, watch and steer releases',
    group: true,
    load: async () => (await import('./release.js')).registerReleaseCommands,
  },
  {
    usage: 'report <release>',
    about: 'write one HTML file that says why a release passed or was held, with its plots',
    load: async () => (await import('./report.js')).registerReportCommand,
  },
  {
    usage: 'rollback <project>',
    about: 'production becomes an earlier release again, complete; nothing is built, and releases in flight are told',
    load: async () => (await import('./rollback.js')).registerRollbackCommand,
  },
  {
    usage: 'alias',
    about: 'what production and canary point at, and how they got there',
    group: true,
    load: async () => (await import('./alias.js')).registerAliasCommands,
  },
  {
    usage: 'serve',
    about: 'start the decision service alone; stays up until Ctrl-C',
    load: async () => (await import('./serve.js')).registerServeCommand,
  },
  {
    usage: 'trace <decision>',
    about: 'decision → arm → release tuple → gates → judgement → snapshot → workflow run, digests recomputed',
    load: async () => (await import('./trace.js')).registerTraceCommand,
  },
  {
    usage: 'token',
    about: 'who may use the decision service',
    group: true,
    load: async () => (await import('./token.js')).registerTokenCommands,
  },
  {
    usage: 'judge',
    about: 'try a promotion policy on recorded or simulated evidence',
    group: true,
    load: async () => (await import('./judge.js')).registerJudgeCommands,
  },
  {
    usage: 'traffic <project>',
    about:
      'send what happened after a cutoff as live requests, in event time, and deliver the outcomes when they became known',
    load: async () => (await import('./traffic.js')).registerTrafficCommand,
  },
  {
    usage: 'registry',
    about: 'the record of every release',
    group: true,
    load: async () => (await import('./registry.js')).registerRegistryCommands,
  },
  {
    usage: 'schedule',
    about: 'retraining by the clock and by conditions of production, as Temporal Schedules',
    group: true,
    load: async () => (await import('./schedule.js')).registerScheduleCommands,
  },
  {
    usage: 'upgrade',
    about: 'replay recorded and open releases with this build, then make it the current one of its deployment',
    load: async () => (await import('./upgrade.js')).registerUpgradeCommand,
  },
  {
    usage: 'notify',
    about: 'tell this terminal and SLIPWAY_WEBHOOK_URL what happens, as up does; stays up until Ctrl-C',
    load: async () => (await import('./notify.js')).registerNotifyCommand,
  },
  {
    usage: 'doctor',
    about: 'say what is there, what is missing, and the command that mends it',
    load: async () => (await import('./doctor.js')).registerDoctorCommand,
  },
]

/** Registers the wanted commands whole, and of the others what the help shows of them. @param wanted all when absent */
export async function registerCommands(program: Command, wanted?: string): Promise<void> {
  for (const { usage, about, group, load } of COMMANDS) {
    if (wanted === undefined || usage.split(' ')[0] === wanted) {
      const register = await load()
      register(program)
    } else {
      const shown = program.command(usage).description(about)
      if (!group) shown.option('--json')
    }
  }
}

/** The command that a command line is for, and an empty text where there is none. @param args without node and script */
export function commandOf(args: readonly string[]): string {
  const words: string[] = []
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] ?? ''
    if (arg === '--projects') index += 1
    else if (!arg.startsWith('-')) words.push(arg)
  }
  // `slipway help release` is the help of release.
  return (words[0] === 'help' ? words[1] : words[0]) ?? ''
}
