export { ConfigurationError, readConfiguration, SETTINGS, type Configuration } from './configuration.ts';
export { openHouse, startServer, type House, type RunningServer } from './composition.ts';
export { openDiagnostics, type Diagnostics } from './diagnostics.ts';
export type { FirstRun } from './first-run.ts';
export { listAuditKeys } from './list-audit-keys.ts';
export { KeyringError } from './keyring/keyring-error.ts';
export { PostureError } from './posture/posture-error.ts';
export { StorageError } from './storage/storage-error.ts';
