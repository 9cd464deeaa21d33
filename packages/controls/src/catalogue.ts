/** What a control catalogue says of one control. */
export interface Control {
  readonly id: string;
  /** A name in our own words. */
  readonly title: string;
  readonly category: string;
  /**
   * - `assessed`: platform records can support or contradict it
   * - `context`: they say something about it, never enough alone
   * - `not_covered`: no platform record can speak to it
   */
  readonly role: 'assessed' | 'context' | 'not_covered';
  /** For `not_covered`: why. */
  readonly why?: string;
}

/** An edition of a catalogue: any change of it is a new version. */
export interface Catalogue {
  readonly id: string;
  readonly version: string;
  readonly name: string;
  readonly controls: readonly Control[];
}
