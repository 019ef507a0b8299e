import { DeliveryError, type DeliveryFault } from '../../voices/surface.ts'
import { CallError } from './errors.ts'

/** What cannot even begin is tried again after so long. */
const UNREACHABLE_MS = 2_000
const LIMITED_MS = 3_000

/** What a failed call means for the message that it carried. */
export function undelivered(error: unknown): DeliveryError {
  if (error instanceof DeliveryError) return error
  if (!(error instanceof CallError))
    return new DeliveryError({ kind: 'unknown' }, 'it failed in a way that is not known')
  return new DeliveryError(faultFor(error), error.message)
}

function faultFor({ fault, retryAfterMs }: CallError): DeliveryFault {
  switch (fault) {
    case 'limited':
      return { kind: 'later', afterMs: retryAfterMs ?? LIMITED_MS }
    // Nothing has left this machine, so the next try is the first and need not say that it is a repeat.
    case 'unreachable':
      return { kind: 'later', afterMs: UNREACHABLE_MS }
    case 'no message':
    case 'migrated':
      return { kind: 'gone' }
    case 'unauthorized':
      return { kind: 'closed' }
    case 'failing':
    case 'nonsense':
    case 'network':
    case 'timeout':
    case 'ended':
      return { kind: 'unknown' }
    default:
      return { kind: 'refused' }
  }
}
