import type { AddressInfo } from 'node:net';

import type { FastifyInstance } from 'fastify';

import type { Configuration } from './configuration.ts';
import type { Diagnostics } from './diagnostics.ts';
import { createFlagStep } from './evidence/flags/flag-trail.ts';
import { createPacketIssuer } from './evidence/packets/issue-packet.ts';
import { createPdfRenderer } from './evidence/pdf/create-pdf-renderer.ts';
import { createReadPdf } from './evidence/packets/read-pdf.ts';
import { giveUpLeftPackets, watchPackets } from './evidence/packets/watch-packets.ts';
import { firstRun, refreshBaseUrl, type FirstRun } from './first-run.ts';
import { buildServer } from './http/build-server.ts';
import { loadDashboard } from './http/dashboard-files.ts';
import { activityReportRoutes } from './http/routes/activity-reports.ts';
import { apiKeyRoutes } from './http/routes/api-keys.ts';
import { auditEventRoutes } from './http/routes/audit-events.ts';
import { authenticationRoutes } from './http/routes/authentication.ts';
import { backupDayRoutes } from './http/routes/backup-days.ts';
import { dashboardRoutes } from './http/routes/dashboard.ts';
import { eventHistogramRoutes } from './http/routes/event-histogram.ts';
import { billingRoutes } from './http/routes/billing.ts';
import { declarationRoutes } from './http/routes/declarations.ts';
import { exportRoutes } from './http/routes/exports.ts';
import { invitationRoutes } from './http/routes/invitations.ts';
import { legalHoldRoutes } from './http/routes/legal-holds.ts';
import { memberRoutes } from './http/routes/members.ts';
import { observationRoutes } from './http/routes/observations.ts';
import { operationsRoutes } from './http/routes/operations.ts';
import { packetRoutes } from './http/routes/packets.ts';
import { packetScheduleRoutes } from './http/routes/packet-schedules.ts';
import { organizationRoutes } from './http/routes/organizations.ts';
import { pageRoutes } from './http/routes/pages.ts';
import { postureReportRoutes } from './http/routes/posture-report.ts';
import { sampleRoutes } from './http/routes/samples.ts';
import { serviceRoutes } from './http/routes/services.ts';
import { signInMethodRoutes, type OidcDoor } from './http/routes/sign-in-methods.ts';
import { signingKeyRoutes } from './http/routes/signing-keys.ts';
import { stripeWebhookRoutes } from './http/routes/stripe-webhook.ts';
import { subscriptionRoutes } from './http/routes/subscriptions.ts';
import { trailCheckRoutes } from './http/routes/trail-check.ts';
import { twoFactorRoutes } from './http/routes/two-factor.ts';
import { zoneRoutes } from './http/routes/zones.ts';
import { openKeyring, type Keyring } from './keyring/open-keyring.ts';
import { createMetrics } from './metrics.ts';
import type { PostureParts } from './posture/issue-posture-report.ts';
import { loadZoneCatalogue } from './posture/zone-catalogue.ts';
import { probeAddress } from './probe-address.ts';
import { readTlsFiles } from './read-tls-files.ts';
import { createReadiness } from './readiness.ts';
import { startRetention } from './retention.ts';
import { startSampling } from './sampling.ts';
import { startHousekeeping } from './housekeeping.ts';
import { openDatabase, type Database } from './storage/database.ts';
import { claimDataDirectory } from './storage/data-directory.ts';
import { openGround } from './storage/open-ground.ts';
import { createAuthenticate } from './tenancy/authenticate.ts';
import { listOrganizationNumbers } from './tenancy/organization-store.ts';
import type { FurnishOrganization } from './tenancy/create-organization.ts';
import type { Ground } from './tenancy/ground.ts';
import { createKeyUses } from './tenancy/key-uses.ts';
import type { OidcVerifier, OidcVerifierSettings } from './tenancy/oidc-access-token.ts';
import { createOidcBrowserSignIn } from './tenancy/oidc-browser-sign-in.ts';
import { createOidcClient } from './tenancy/oidc-client.ts';
import { createOidcSignIn } from './tenancy/oidc-sign-in.ts';
import type { SubscriptionParts } from './tenancy/manage-subscriptions.ts';
import { createPasswordSignIn } from './tenancy/password-sign-in.ts';
import { openStripe } from './tenancy/stripe/stripe-client.ts';
import { insertJob } from './tenancy/stripe/stripe-store.ts';
import { startStripeWorker } from './tenancy/stripe/work-off-jobs.ts';
import { createVerifiedPasswordCache, type VerifiedPasswordCache } from './tenancy/verified-password-cache.ts';
import { checkMacKeys } from './trail/check-mac-keys.ts';
import { countStep } from './trail/count-step.ts';
import { followTrails, type TrailFollower } from './trail/follow-trails.ts';
import { createGroupCommit, type GroupCommit } from './trail/group-commit.ts';
import { createRecordDeed, createTrail } from './trail/trail.ts';
import { checkForAWhile } from './trail/check-trail.ts';
import { createTrailWatch, type TrailWatch } from './trail/watch-trails.ts';
import { trailExtent } from './trail/trail-store.ts';
import { watchAuditKeys } from './watch-audit-keys.ts';
import { watchSigningKeys } from './watch-signing-keys.ts';

/** The rooms without the doors: what the commands of the CLI work with too. */
export interface House {
  readonly configuration: Configuration;
  readonly diagnostics: Diagnostics;
  readonly clock: () => Date;
  readonly db: Database;
  /** For group commits: in pipeline mode. */
  readonly recordingDb: Database;
  readonly keyring: Keyring;
  readonly ground: Ground;
  readonly groupCommit: GroupCommit;
  readonly follower: TrailFollower;
  /** Not started: only a server checks by itself. */
  readonly trailWatch: TrailWatch;
  /** Brings counts, flags and the check of one trail up to its end, as far as some seconds reach. */
  catchUp(organizationNo: number): Promise<void>;
  readonly furnish: FurnishOrganization;
  /** In the order that loses nothing: what waits is stored, connections end, the database stops. */
  close(): Promise<void>;
}

export interface RunningServer {
  readonly app: FastifyInstance;
  readonly house: House;
  readonly baseUrl: string;
  /** Set when this start created the first organization. */
  readonly firstRun: FirstRun | undefined;
  stop(): Promise<void>;
}

/** Connections that record events, apart from those of requests, so that neither can starve the other. */
const RECORDING_CONNECTIONS = 8;

/** Of a packet's making: some hundred thousand events. What is left then is not vouched for. */
const CATCH_UP_MS = 5000;

export async function openHouse(
  configuration: Configuration,
  diagnostics: Diagnostics,
  clock: () => Date = () => new Date(),
): Promise<House> {
  const closing: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    let failure: unknown;
    for (const step of closing.splice(0).reverse()) {
      // One step that fails must not leave a database running.
      await step().catch((error: unknown) => (failure ??= error));
    }
    if (failure !== undefined) throw failure;
  };
  try {
    const directory = await claimDataDirectory(configuration.dataDirectory);
    closing.push(() => directory.release());
    const storage = await openGround(configuration, diagnostics);
    closing.push(storage.stop);
    const db = openDatabase(storage.login, configuration.databasePoolSize);
    closing.push(() => db.close());
    const recordingDb = openDatabase(storage.login, RECORDING_CONNECTIONS, { pipeline: true });
    closing.push(() => recordingDb.close());
    const keyring = await openKeyring(db, configuration, clock, diagnostics);
    closing.push(async () => keyring.close());
    await checkMacKeys(db, keyring.auditMac, diagnostics);
    const { auditMac } = keyring;
    const flagStep = createFlagStep(configuration.flagRules, clock);
    const follower = followTrails({ db, diagnostics, steps: { count: countStep, flag: flagStep } });
    closing.push(() => follower.stop());
    for (const no of await listOrganizationNumbers(db.direct)) follower.nudge(no);
    const onGrown = (organizationNo: number): void => {
      follower.nudge(organizationNo);
      trailWatch.nudge(organizationNo);
    };
    const recordDeed = createRecordDeed(auditMac, clock, (organizationNo) => {
      groupCommit.moved(organizationNo);
      onGrown(organizationNo);
    });
    const checkParts = { db, auditMac, clock, recordDeed };
    const trailWatch = createTrailWatch({ ...checkParts, diagnostics, roundHours: configuration.trailRescanHours });
    closing.push(() => trailWatch.stop());
    const groupCommit = createGroupCommit({ db: recordingDb, auditMac, clock, onGrown });
    closing.push(() => groupCommit.drained());
    const furnish: FurnishOrganization = (tx, organization, at) =>
      keyring.verificationKeys.create(tx, organization, at);
    const ground: Ground = { db, clock, recordDeed };
    return {
      configuration,
      diagnostics,
      clock,
      db,
      recordingDb,
      keyring,
      ground,
      groupCommit,
      follower,
      trailWatch,
      catchUp: async (organizationNo) => {
        await follower.catchUp(organizationNo);
        await checkForAWhile(checkParts, organizationNo, CATCH_UP_MS);
      },
      furnish,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

export async function startServer(configuration: Configuration, diagnostics: Diagnostics): Promise<RunningServer> {
  const zones = loadZoneCatalogue(configuration.zonesFile);
  const tls = await readTlsFiles(configuration.tls);
  await probeAddress(configuration.host, configuration.port);
  const house = await openHouse(configuration, diagnostics);
  try {
    const { clock, db, ground, groupCommit, keyring, trailWatch, furnish } = house;
    const { auditMac, verificationKeys, packetSigner } = keyring;
    const trail = createTrail({ db, groupCommit, auditMac, clock });
    const posture: PostureParts = { ground, zones, verificationKeys, trailExtent };
    const verified = createVerifiedPasswordCache({ clock });
    const passwords = createPasswordSignIn(ground, verified, keyring.totpSecrets, configuration.sessionHours);
    const oidc =
      configuration.oidc === undefined
        ? undefined
        : createOidcSignIn(ground, verified, await openOidcVerifier(configuration.oidc, clock));
    const oidcDoor = openOidcDoor(house, verified);
    const keyUses = createKeyUses(db);
    const { stripe: stripeSettings } = configuration;
    const stripe = stripeSettings === undefined ? undefined : await openStripe(stripeSettings);
    const subscriptions: SubscriptionParts = {
      ground,
      prices: configuration.packetPrices,
      noteChange: stripe === undefined ? undefined : insertJob,
    };
    const issuer = createPacketIssuer({
      ground,
      signer: packetSigner,
      zones,
      flagRules: configuration.flagRules,
      operatorName: configuration.operatorName,
      catchUp: house.catchUp,
      eventsWait: () => groupCommit.waiting > 0,
      diagnostics,
    });
    const renderer = createPdfRenderer();
    const readPdf = createReadPdf({
      ground,
      renderer,
      keysUrl: () => `${baseUrl}/.well-known/compliance-signing-keys`,
    });
    const trailsDiverged = (): number => trailWatch.diverged;
    const metrics = createMetrics({
      eventsWaiting: () => groupCommit.waiting,
      trailsDiverged,
      trailEventsChecked: () => trailWatch.eventsChecked,
    });

    const dashboard = loadDashboard();

    let baseUrl = '';
    let stopping = false;
    const authenticate = createAuthenticate({ db, clock, passwords, oidc, keyUses });
    const app = await buildServer({
      db,
      authenticate,
      diagnostics,
      metrics,
      tls,
      trustedProxies: configuration.trustedProxies,
      requestTimeoutSeconds: configuration.requestTimeoutSeconds,
      dashboard,
      routes: (door) => {
        authenticationRoutes(door, { ground, authenticate, passwords, verified });
        twoFactorRoutes(door, { ground, passwords, verified, totp: keyring.totpSecrets });
        const { sessionHours } = configuration;
        signInMethodRoutes(door, { ground, oidc: oidcDoor, sessionHours, publicUrl: () => baseUrl });
        organizationRoutes(door, { ground, furnish });
        memberRoutes(door, { ground, publicUrl: () => baseUrl });
        invitationRoutes(door, { ground });
        apiKeyRoutes(door, { ground });
        serviceRoutes(door, { ground });
        backupDayRoutes(door, { ground });
        sampleRoutes(door, { ground });
        observationRoutes(door, { ground });
        declarationRoutes(door, { ground });
        zoneRoutes(door, { zones });
        postureReportRoutes(door, { posture, verificationKeys, trail });
        const { requestTimeoutSeconds } = configuration;
        auditEventRoutes(door, { trail, auditMac, clock, metrics, requestTimeoutSeconds });
        eventHistogramRoutes(door, { db });
        activityReportRoutes(door, { ground, trail, auditMac });
        exportRoutes(door, { ground, auditMac, groupCommit });
        operationsRoutes(door, {
          metrics,
          readiness: createReadiness({ db, isStopping: () => stopping, trailsDiverged, packetSigner }),
        });
        trailCheckRoutes(door, { db });
        legalHoldRoutes(door, { ground });
        signingKeyRoutes(door, { db });
        packetRoutes(door, { ground, trail, issuer, readPdf });
        packetScheduleRoutes(door, { ground });
        subscriptionRoutes(door, subscriptions);
        billingRoutes(door, { ground });
        if (stripe !== undefined && stripeSettings !== undefined) {
          stripeWebhookRoutes(door, { ground, stripe, webhookSecret: stripeSettings.webhookSecret });
        }
        pageRoutes(door);
        dashboardRoutes(door, { dashboard });
      },
    });
    const firstRunSettings = {
      dataDirectory: configuration.dataDirectory,
      baseUrl: configuration.publicUrl ?? addressOf(configuration, configuration.port),
      email: configuration.firstOwnerEmail,
      password: configuration.firstOwnerPassword,
      organizationName: configuration.firstOrganizationName,
      generatedAuditSecret: keyring.generatedAuditSecret,
    };
    // Before the door opens: whoever sees the server answer finds first-run.json.
    const created = await firstRun(ground, furnish, firstRunSettings);
    // The claim on the data directory is a claim on the embedded database; an outside one may have other servers.
    if (configuration.databaseUrl === undefined) await giveUpLeftPackets({ ground, issuer, diagnostics });
    await app.listen({ host: configuration.host, port: configuration.port });
    const { port } = app.server.address() as AddressInfo;
    baseUrl = configuration.publicUrl ?? addressOf(configuration, port);
    await refreshBaseUrl(configuration.dataDirectory, baseUrl);
    const { auditKeys } = keyring;
    const { auditSecretRefreshSeconds: refreshSeconds } = configuration;
    const keyWatch = watchAuditKeys({
      db,
      clock,
      auditKeys,
      diagnostics,
      metrics,
      refreshSeconds,
      onGrown: (organizationNo) => house.follower.nudge(organizationNo),
    });
    const signingKeyWatch = watchSigningKeys({
      db,
      auditMac,
      clock,
      diagnostics,
      onGrown: (organizationNo) => house.follower.nudge(organizationNo),
    });
    trailWatch.start();
    const packetWatch = watchPackets({ ground, issuer, diagnostics });
    const housekeeping = startHousekeeping({ db, clock, diagnostics, keyUses });
    const stripeWorker =
      stripe === undefined || stripeSettings === undefined
        ? undefined
        : startStripeWorker({
            db,
            stripe,
            prices: stripeSettings.prices,
            diagnostics,
            onAttempt: (outcome) => metrics.stripeAttempts.inc({ outcome }),
          });
    const sampling = startSampling({ ground, diagnostics });
    const retention = startRetention({ ground, diagnostics, metrics, follower: house.follower });

    return {
      app,
      house,
      baseUrl,
      firstRun: created === undefined ? undefined : { ...created, base_url: baseUrl },
      async stop() {
        stopping = true;
        // Requests that were accepted are answered; then what they left waiting is stored.
        await app.close();
        await renderer.stop();
        await packetWatch.stop();
        await retention.stop();
        await stripeWorker?.stop();
        await sampling.stop();
        await keyWatch.stop();
        await signingKeyWatch.stop();
        await housekeeping.stop();
        await house.close();
      },
    };
  } catch (error) {
    await house.close();
    throw error;
  }
}

/** Loaded only where an issuer is set. */
async function openOidcVerifier(settings: OidcVerifierSettings, clock: () => Date): Promise<OidcVerifier> {
  const { createOidcVerifier } = await import('./tenancy/oidc-access-token.ts');
  return createOidcVerifier(settings, { clock });
}

/** For people in a browser, where the issuer knows us as a client of its. */
function openOidcDoor(
  { configuration, clock, ground, keyring }: House,
  verified: VerifiedPasswordCache,
): OidcDoor | undefined {
  const { oidc } = configuration;
  if (oidc?.client === undefined) return undefined;
  const client = createOidcClient({ issuer: oidc.issuer, client: oidc.client }, clock);
  return { name: new URL(oidc.issuer).host, signIn: createOidcBrowserSignIn(ground, verified, keyring.seal, client) };
}

function addressOf(configuration: Configuration, port: number): string {
  const everywhere = ['127.0.0.1', '0.0.0.0', '::', '::1'].includes(configuration.host);
  const host = everywhere
    ? 'localhost'
    : configuration.host.includes(':')
      ? `[${configuration.host}]`
      : configuration.host;
  return `${configuration.tls === undefined ? 'http' : 'https'}://${host}:${port}`;
}
