/** The ledger's notes on what is summed up elsewhere, each call one transaction. */
import type { Summed } from '../../store/beside.js'
import type { Connection } from '../database.js'
import { DayTable } from './days.js'
import { HourTable } from './hours.js'

export class SumNotes {
  readonly hours: HourTable
  private readonly days: DayTable

  constructor(
    db: Connection,
    private readonly read: <T>(work: () => T) => T,
    private readonly commit: <T>(tried: string, work: () => T) => T,
  ) {
    this.hours = new HourTable(db)
    this.days = new DayTable(db, () => this.hours.next())
  }

  /** Records of that time are about to change. */
  touch(from: number, to: number): void {
    this.commit('note a change in', () => this.hours.touch(from, to))
  }

  touchBefore(before: number): void {
    this.commit('note a change in', () => this.hours.touchBefore(before))
  }

  summedHours(from: number, to: number): Summed[] {
    return this.read(() => this.hours.summed(from, to))
  }

  unsummedHours(): number[] {
    return this.read(() => this.hours.unsummed())
  }

  beginSums(quietMs: number, most: number): { hours: number[]; generation: number } | null {
    return this.commit('begin to sum up in', () => this.hours.beginSums(quietMs, most))
  }

  oldSums(touchedAgoMs: number, most: number): Summed[] {
    return this.read(() => this.hours.oldSums(touchedAgoMs, most))
  }

  forgetOldSums(hours: readonly Summed[]): void {
    this.commit('forget old sums in', () => this.hours.forgetOldSums(hours))
  }

  summedDays(from: number, to: number): Summed[] {
    return this.read(() => this.days.summed(from, to))
  }

  beginDay(quietMs: number): Summed | null {
    return this.commit('begin to sum up in', () => this.days.begin(quietMs))
  }

  finishDay(day: Summed): void {
    this.commit('sum up in', () => this.days.finish(day))
  }

  oldDays(touchedAgoMs: number, most: number): Summed[] {
    return this.read(() => this.days.old(touchedAgoMs, most))
  }

  forgetOldDays(days: readonly Summed[]): void {
    this.commit('forget old sums in', () => this.days.forgetOld(days))
  }

  finishSums(generation: number): void {
    this.commit('sum up in', () => this.hours.finishSums(generation))
  }
}
