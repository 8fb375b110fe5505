/** What the page says about who may come in, who is in and who did what. */
import type { ClientAddresses } from '../../../schema/words/client-addresses.js'
import type { Role } from '../../../schema/words/roles.js'
import type { AuditOutcome } from '../../../schema/words/audit-outcomes.js'

const roles: { [R in Role]: { name: string; meaning: string } } = {
  ingest: { name: 'Send logs', meaning: 'Sends logs and nothing else.' },
  read: { name: 'Read', meaning: 'Looks at everything but secrets.' },
  operate: { name: 'Operate', meaning: 'Also sends logs, changes rules, silences and notes, and undoes uploads.' },
  admin: { name: 'Admin', meaning: 'Also decides who may come in and where notices go.' },
}

const outcomes: { [O in AuditOutcome]: string } = { done: 'Done', refused: 'Refused', failed: 'Failed' }

const states: { [S in 'valid' | 'expired' | 'revoked']: string } = {
  valid: 'Valid',
  expired: 'Expired',
  revoked: 'Revoked',
}

const forms: { [F in ClientAddresses]: string } = {
  whole: 'Whole',
  shortened: 'Shortened to their network (/24, /48)',
  hashed: 'Hashed with a key that can be destroyed',
  none: 'Not stored',
}

export const access = {
  title: 'Access',
  you: (name: string, role: string) => `You are ${name}. Role: ${role}.`,
  nobody: 'nobody by name: no token is asked for on this machine',
  roles,
  outcomes,
  states,
  allZones: 'All zones',
  tokens: 'Tokens',
  tokensLead: 'For programs and people. A token is shown once; revoked, it opens nothing any more.',
  noTokens: 'There are no tokens yet.',
  newToken: 'New token',
  name: 'Name',
  nameHint: 'What it is for, or whose it is',
  role: 'Role',
  zones: 'Zones',
  zonesHint: 'Only these, with commas between; empty: all',
  expires: 'Valid until',
  expiresHint: 'Empty: until it is revoked',
  noEnd: 'No end',
  lastUsed: 'Last used',
  never: 'Never',
  make: 'Make the token',
  madeTitle: 'Copy the token now',
  madeText: 'It is not shown again.',
  done: 'Done',
  revoke: 'Revoke',
  revokeTitle: 'Revoke the token?',
  revokeText: (name: string) => `“${name}” opens nothing from now on, and whoever signed in with it is signed out.`,
  sessions: 'Signed in',
  sessionsLead: 'Browsers that are signed in. Whoever is ended is asked for the token again.',
  noSessions: 'Nobody is signed in.',
  who: 'Who',
  from: 'From',
  since: 'Since',
  lastSeen: 'Last seen',
  thisOne: 'This browser',
  end: 'End',
  endAll: 'End all others',
  audit: 'Audit log',
  auditLead: 'Who signed in, was refused, changed, deleted, sent logs or looked at single requests.',
  noAudit: 'Nothing has been noted yet.',
  when: 'When',
  action: 'What',
  target: 'On what',
  outcome: 'Outcome',
  times: (n: number, text: string) => (n === 1 ? 'once' : `${text} times`),
  more: 'Show more',
  privacy: {
    title: 'What is kept of visitors',
    addresses: 'Visitors’ addresses',
    forms,
    queries: 'Query strings',
    stored: 'Stored',
    notStored: 'Not stored',
    records: 'Requests',
    keptFor: 'Kept for',
    days: (n: number, text: string) => (n === 1 ? 'one day' : `${text} days`),
    forever: 'For good: no limit is set',
    room: 'Room in use',
    roomOf: (used: string, limit: string) => `${used} of ${limit}`,
    tryLimits: 'What would a limit remove?',
    limitDays: 'Days',
    limitCounts: 'Days of counts',
    limitZones: 'Zones apart',
    counted: (from: string, to: string, n: number, count: string) =>
      `Of ${n === 1 ? 'one request' : `${count} requests`} from ${from} to ${to} counts by zone, host, status and source remain.`,
    countsStay: 'Counts of them stay and take some of it.',
    ofZone: (zone: string, days: string, count: string, room: string) =>
      `${zone}: ${count} requests of ${days}, about ${room}`,
    noZone: 'Without a zone',
    limitGb: 'GB',
    wouldRemove: (before: string, n: number, count: string, room: string) =>
      `Would remove records before ${before}: ${n === 1 ? 'one request' : `${count} requests`}, about ${room}.`,
    wouldRemoveNothing: 'Would remove nothing.',
    overfull: 'Would remove nothing: the last day alone takes more, and it stays.',
    howToSet: 'Set with FAULTLINE_RETENTION_DAYS, _COUNTS_DAYS, _ZONES and _GB; trying changes nothing.',
    audit: 'Audit log kept for',
    seenBy: 'Who looked at single requests in the last 30 days',
    nobody: 'Nobody.',
    somebody: 'Without a name',
    erase: 'Erase',
    eraseTitle: 'Erase what is stored',
    eraseText:
      'All that fits goes for good, with its figures. Backups, frozen incidents and notices that were sent are not reached.',
    host: 'Host',
    client: 'Visitor’s address, as it is stored',
    fromTime: 'From',
    toTime: 'To',
    erased: (n: number, text: string) => (n === 1 ? 'One request was erased.' : `${text} requests were erased.`),
  },
}
export type AccessWords = typeof access
