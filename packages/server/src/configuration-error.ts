/** A setting that can't be used. The message is one sentence that names it and says what to put there. */
export class ConfigurationError extends Error {
  readonly setting: string;

  constructor(setting: string, message: string, options?: { cause?: unknown }) {
    super(`${setting}: ${message}`, options);
    this.name = 'ConfigurationError';
    this.setting = setting;
  }
}
