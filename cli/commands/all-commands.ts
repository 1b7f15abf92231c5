/**
 * All commands, in the order of `slipway --help`. Only the module of the command in use is loaded: loading all of them
 * takes over a second. The one-line help of the others is repeated here; a test compares it with the modules.
 */
import type { Command } from 'commander'
import { addExamples } from './examples.js'

interface CommandEntry {
  /** Name and arguments. */
  readonly usage: string
  readonly about: string
  /** True where the command has no options of its own. */
  readonly group?: true
  /** True where the command reads what all others take. */
  readonly readsAll?: true
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
    about: 'list, create and set up projects',
    group: true,
    load: async () => (await import('./project.js')).registerProjectCommands,
  },
  {
    usage: 'snapshot',
    about: 'check your own data before a release uses it, and store it for workers elsewhere',
    group: true,
    load: async () => (await import('./snapshot.js')).registerSnapshotCommands,
  },
  {
    usage: 'release',
    about: 'start, watch and steer releases',
    group: true,
    load: async () => (await import('./release.js')).registerReleaseCommands,
  },
  {
    usage: 'report <release>',
    about: 'write one HTML file that explains why a release passed or was held, with plots',
    load: async () => (await import('./report.js')).registerReportCommand,
  },
  {
    usage: 'rollback <project>',
    about: 'make an earlier release production again; nothing is built, and open release runs are notified',
    load: async () => (await import('./rollback.js')).registerRollbackCommand,
  },
  {
    usage: 'alias',
    about: 'what production and canary point at, and every move',
    group: true,
    load: async () => (await import('./alias.js')).registerAliasCommands,
  },
  {
    usage: 'serve',
    about: 'start only the decision service; stays up until Ctrl-C',
    load: async () => (await import('./serve.js')).registerServeCommand,
  },
  {
    usage: 'trace <decision>',
    about: 'trace a decision to its arm, release, gates, judgement, snapshot and run; recomputes every digest',
    load: async () => (await import('./trace.js')).registerTraceCommand,
  },
  {
    usage: 'token',
    about: 'access tokens of the decision service',
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
    about: 'replay historical events to the decision service as live requests, and deliver their outcomes later',
    load: async () => (await import('./traffic.js')).registerTrafficCommand,
  },
  {
    usage: 'registry',
    about: 'verify, export, prune and migrate the record of every release',
    group: true,
    load: async () => (await import('./registry.js')).registerRegistryCommands,
  },
  {
    usage: 'schedule',
    about: 'retraining on a cadence or on a condition of production, as Temporal Schedules',
    group: true,
    load: async () => (await import('./schedule.js')).registerScheduleCommands,
  },
  {
    usage: 'upgrade',
    about: 'replay recorded and open runs with this build, then make it the current build of its deployment',
    load: async () => (await import('./upgrade.js')).registerUpgradeCommand,
  },
  {
    usage: 'notify',
    about: 'send notices to this terminal and to SLIPWAY_WEBHOOK_URL; stays up until Ctrl-C',
    load: async () => (await import('./notify.js')).registerNotifyCommand,
  },
  {
    usage: 'doctor',
    about: 'check what Slipway needs on this machine, and show how to fix what is missing',
    load: async () => (await import('./doctor.js')).registerDoctorCommand,
  },
  {
    usage: 'completion <shell>',
    about: 'print a script that completes commands, options and projects in bash, zsh or fish',
    group: true,
    readsAll: true,
    load: async () => (await import('./completion.js')).registerCompletionCommand,
  },
]

/**
 * Registers the wanted command completely, and the others with their one-line help only.
 * @param wanted absent: all of them
 */
export async function registerCommands(program: Command, wanted?: string): Promise<void> {
  const isWanted = ({ usage }: CommandEntry) => usage.split(' ')[0] === wanted
  const all = wanted === undefined || COMMANDS.some((command) => command.readsAll && isWanted(command))
  for (const command of COMMANDS) {
    const { usage, about, group, load } = command
    if (all || isWanted(command)) {
      const register = await load()
      register(program)
      const registered = program.commands.at(-1)
      if (registered) addExamples(registered, registered.name())
    } else {
      const shown = program.command(usage).description(about)
      if (!group) shown.option('--json')
    }
  }
}

/** The command that a command line names; an empty text when it names none. @param args without node and script */
export function commandOf(args: readonly string[]): string {
  const words: string[] = []
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] ?? ''
    if (arg === '--projects') index += 1
    else if (!arg.startsWith('-')) words.push(arg)
  }
  // `slipway help release` shows the help of `release`.
  return (words[0] === 'help' ? words[1] : words[0]) ?? ''
}
