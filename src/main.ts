import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { ConfigError, readConfig } from './adapters/system/config.ts'
import { LockedError } from './adapters/system/lock.ts'
import { createLog } from './adapters/system/log.ts'
import { FeedError } from './ports/feeds.ts'
import { JournalError } from './ports/journal.ts'
import { UsageError } from './run/usage-error.ts'

/** A shutdown that takes longer than this is ended: recovery is the only start, so nothing is lost by it. */
const SHUTDOWN_MS = 10_000
const ENTRY = fileURLToPath(import.meta.url)

/** Each run is loaded only when it is asked for, so that none pays for the others. */
async function main(run: string, args: readonly string[]): Promise<void> {
  const stop = stopSignal()
  switch (run) {
    case 'live': {
      if (existsSync('.env')) process.loadEnvFile('.env')
      const config = readConfig(process.env)
      const [option, ...more] = args
      if (more.length > 0 || (option !== undefined && option !== '--check'))
        throw new UsageError(`${more[0] ?? option} is no option. usage: npm start [-- --check]`)
      if (option === '--check') {
        const { runCheck } = await import('./run/check/check-command.ts')
        return runCheck(config, ENTRY, createLog(config.logLevel, process.stderr.isTTY), print, stop.signal)
      }
      const { runLive } = await import('./run/live/live-console.ts')
      return runLive(config, ENTRY, stop)
    }
    case 'sandbox': {
      const { runSandbox } = await import('./sandbox/main-sandbox.ts')
      return runSandbox(args, print, stop.signal, complain)
    }
    case 'sandbox-child': {
      const { serveAsChild } = await import('./run/live/sandbox-child.ts')
      return serveAsChild(args[0] ?? 'remora', Number(args[1] ?? 1), Number(args[2] ?? 16))
    }
    case 'draw': {
      const { runDraw } = await import('./run/draw/draw-command.ts')
      return runDraw(process.stdin, process.stdout)
    }
    case 'replay': {
      const { runReplay } = await import('./run/replay/replay-command.ts')
      return runReplay(args, print)
    }
    case 'backtest': {
      const { runBacktest } = await import('./run/backtest/backtest-command.ts')
      return runBacktest(args, print)
    }
    case 'calibrate': {
      const { runCalibrate } = await import('./run/calibrate/calibrate-command.ts')
      return runCalibrate(args, print)
    }
    case 'account': {
      const { runAccount } = await import('./run/account/account-command.ts')
      return runAccount(args, print)
    }
    case 'trial': {
      const { runTrial } = await import('./run/trial/trial-command.ts')
      return runTrial(args, ENTRY, print, stop.signal)
    }
    case 'sim': {
      const { runSim } = await import('./sim/sim-command.ts')
      return runSim(args, print)
    }
    default:
      throw new UsageError(
        `${run} is not a run of Remora: live, sandbox, replay, backtest, sim, trial, calibrate or account`,
      )
  }
}

/** Aborts at the first interrupt; a second one, or a shutdown that hangs, ends the process. */
function stopSignal(): AbortController {
  const controller = new AbortController()
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(130)
    controller.abort()
    setTimeout(() => process.exit(1), SHUTDOWN_MS).unref()
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  return controller
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

function complain(line: string): void {
  process.stderr.write(`${line}\n`)
}

/** What went wrong, in one line where it is something a person can do something about. */
function explain(error: unknown): string {
  if (error instanceof ConfigError) return error.faults.map(fault => `remora: ${fault}`).join('\n')
  if (error instanceof JournalError) return `remora: ${error.message}. ${error.advice}`
  const isPlain = error instanceof LockedError || error instanceof FeedError || error instanceof UsageError
  if (isPlain || (error instanceof Error && error.name === 'RecordingError'))
    return `remora: ${(error as Error).message}`
  if (isRefusedBySystem(error)) return `remora: ${refusalOfSystem(error)}`
  return `remora: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`
}

/** What the operating system said no to, with the file that it was about. */
function isRefusedBySystem(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'code' in error
}

function refusalOfSystem({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return `the disk is full (${message}). Make room on it, then start again; what was recorded is still there.`
  return `${message}. Check that the path is right and that the user that runs Remora may use it, or set REMORA_DATA_DIR to another folder.`
}

main(process.argv[2] ?? 'live', process.argv.slice(3)).then(
  () => process.exit(process.exitCode ?? 0),
  error => {
    complain(explain(error))
    process.exit(error instanceof ConfigError || error instanceof UsageError ? 2 : 1)
  },
)
