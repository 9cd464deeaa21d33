// Made from /openapi.json; npm test -- --project dashboard -u makes it again.

export interface paths {
    "/api/v1/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign in with e-mail and password
         * @description Who has two-factor sign-in on sends `code` too; without it the refusal is `second_factor_required`.
         */
        post: operations["login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End the session of the token that is sent */
        post: operations["logout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who this credential is, in which organizations, with which role
         * @description `organization` and `role` are those of the organization that X-Organization-Id names, or of the only one; null where there are several and none is named.
         */
        get: operations["whoAmI"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change your password, or set a first one; ends all your sessions
         * @description Who has no password, and so signed in at the identity provider, leaves `current_password` out; it is not looked at then.
         */
        post: operations["changePassword"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/invitations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Accept an invitation: set a password, or join with the account that you have
         * @description Who has an account sends its password, or leaves `password` out and shows in the Authorization header who they are, as in any other request; who signs in at an identity provider has only that.
         */
        post: operations["acceptInvitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/two-factor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether your sign-in takes a code */
        get: operations["readTwoFactor"];
        put?: never;
        /** Get a secret for your authenticator app; signing in stays as it is until you confirm */
        post: operations["beginTwoFactor"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/two-factor/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Turn two-factor sign-in on with a first code; ends your other sessions */
        post: operations["confirmTwoFactor"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/two-factor/recovery-codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Get new recovery codes in place of the old ones */
        post: operations["renewRecoveryCodes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/two-factor/disable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Turn two-factor sign-in off */
        post: operations["endTwoFactor"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/methods": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How people can sign in here */
        get: operations["readSignInMethods"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/oidc/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Open this in a browser to sign in at the identity provider */
        get: operations["beginOidcSignIn"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/oidc/callback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Where the identity provider sends the browser back to
         * @description Goes on to `/sign-in#oidc=<code>`, or to `/sign-in#problem=<code of the refusal>`.
         */
        get: operations["returnFromOidcSignIn"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/oidc/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make the session of a sign-in at the identity provider */
        post: operations["takeUpOidcSession"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/organizations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The organizations that you are a member of */
        get: operations["listOrganizations"];
        put?: never;
        /** Create an organization and own it */
        post: operations["createOrganization"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/organizations/{orgId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One organization
         * @description Role: member.
         */
        get: operations["readOrganization"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change name, billing e-mail or audit retention
         * @description Role: admin.
         */
        patch: operations["changeOrganization"];
        trace?: never;
    };
    "/organizations/{orgId}/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Members and their roles
         * @description Role: member.
         */
        get: operations["listMembers"];
        put?: never;
        /**
         * Add a member; without a password, an invitation link
         * @description Role: admin.
         */
        post: operations["addMember"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/organizations/{orgId}/members/{userId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove a member
         * @description Role: admin.
         */
        delete: operations["removeMember"];
        options?: never;
        head?: never;
        /**
         * Change the role of a member
         * @description Role: admin.
         */
        patch: operations["changeMember"];
        trace?: never;
    };
    "/organizations/{orgId}/invitations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Invitations that can still be accepted, newest first; never their links
         * @description Role: admin.
         */
        get: operations["listInvitations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/organizations/{orgId}/invitations/{userId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke an invitation: its link no longer works
         * @description Role: admin.
         */
        delete: operations["revokeInvitation"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/organizations/{orgId}/api-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Live API keys with their last use
         * @description Role: admin.
         */
        get: operations["listApiKeys"];
        put?: never;
        /**
         * Make an API key; its secret is shown this once
         * @description Role: admin.
         */
        post: operations["issueApiKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/organizations/{orgId}/api-keys/{key}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke an API key; it is refused from the next request on
         * @description Role: admin.
         */
        delete: operations["withdrawApiKey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/organizations/{orgId}/services": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Services as they stand now, oldest first
         * @description Role: member.
         */
        get: operations["listServices"];
        put?: never;
        /**
         * Record a service
         * @description Role: admin.
         */
        post: operations["createService"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/organizations/{orgId}/services/{serviceId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One service as it stands now
         * @description Role: member.
         */
        get: operations["readService"];
        /**
         * Create or replace a service under an id of your own
         * @description Role: admin.
         */
        put: operations["putService"];
        post?: never;
        /**
         * End a service; its history and backups stay
         * @description Role: admin.
         */
        delete: operations["removeService"];
        options?: never;
        head?: never;
        /**
         * Change some facts of a service; what was true before stays readable
         * @description Role: admin.
         */
        patch: operations["changeService"];
        trace?: never;
    };
    "/organizations/{orgId}/services/{serviceId}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What was true of a service from when to when, oldest first; of ended ones too
         * @description Role: member.
         */
        get: operations["readServiceHistory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/organizations/{orgId}/services/{serviceId}/backups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Backups of a service, newest first
         * @description Role: member.
         */
        get: operations["listBackups"];
        put?: never;
        /**
         * Record a backup, completed or failed
         * @description Role: admin.
         */
        post: operations["recordBackup"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/organizations/{orgId}/backup-days": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Backups of each service by day, beside the schedule that it had; the days up to today
         * @description Role: member.
         */
        get: operations["countBackupsByDay"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/organizations/{orgId}/samples": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Daily looks at all services, oldest first; a day that is not there was missed
         * @description `from` and `to` are days in UTC, both included.
         *
         *     Role: member.
         */
        get: operations["listSamples"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/organizations/{orgId}/samples/{day}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What one daily look saw
         * @description The digest is over the exact bytes of `content`, from its `[` to its `]`.
         *
         *     Role: member.
         */
        get: operations["readSample"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/organizations/{orgId}/observations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The newest value of every observed fact; with `fact` the history of that fact, newest first
         * @description A value held from `first_at` to `last_at` as far as anybody looked, and counts until `fresh_until`. Facts of the organization itself have no `service_id`.
         *
         *     Role: member.
         */
        get: operations["listObservations"];
        put?: never;
        /**
         * Record what a collector read of services and of the organization; all or nothing
         * @description A fact is known from its first reading until its last one stops to count; without a newer reading it is unknown from then on. A reading may not be older than the newest one of its fact. The same readings again change nothing.
         *
         *     Role: admin.
         */
        post: operations["recordObservations"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/organizations/{orgId}/declarations/{kind}/{recordId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A declaration and what it replaced, newest first; withdrawn ones too
         * @description Role: member.
         */
        get: operations["readDeclaration"];
        /**
         * Declare what only people can say, or declare it anew; what was declared before stays readable
         * @description The form of `data` is that of the kind in the path. It holds until `valid_until`, which is in a year unless an earlier time is given. The same again changes nothing. What it says happened may not lie more than five minutes ahead.
         *
         *     Role: admin.
         */
        put: operations["declare"];
        post?: never;
        /**
         * Withdraw a declaration; what was declared stays readable
         * @description Role: admin.
         */
        delete: operations["withdrawDeclaration"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/organizations/{orgId}/declarations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Declarations that were not withdrawn, those past their `valid_until` too; by kind and id
         * @description Role: member.
         */
        get: operations["listDeclarations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/zones": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The zone catalogue: where each zone is */
        get: operations["listZones"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/organizations/{orgId}/compliance-report": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The signed posture report of the services as they stand now
         * @description The signature is over the exact bytes between `"report":` and `,"signature"`: keep the file as it came.
         *
         *     Role: member.
         */
        get: operations["readPostureReport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/organizations/{orgId}/compliance-report/verification-key": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The key that verifies this organization's posture reports, for its auditors
         * @description Role: admin.
         */
        get: operations["readVerificationKey"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/compliance/audit-events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Events, newest first, filtered and paged
         * @description Role: analyst. A user who belongs to several organizations names one in the header X-Organization-Id.
         */
        get: operations["listAuditEvents"];
        put?: never;
        /**
         * Record one event, or up to 1,000 as {"events": […]}: all or nothing; or any number as lines
         * @description Answers when the events are durable. With an `id` of your own a retry is safe: the same event again is answered with 200 and the first bytes.
         *
         *     As application/x-ndjson the body is one event a line, of any length, each with an `id`. Lines are recorded in batches as they come, so it is not all or nothing: the first bad line ends the upload, and the refusal names it. Sent again, what was recorded counts as duplicates. Lines that come at less than 1 KiB/s are cut off with 408.
         *
         *     Role: admin or recorder. A user who belongs to several organizations names one in the header X-Organization-Id.
         */
        post: operations["recordAuditEvents"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/compliance/audit-events/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One event
         * @description Role: analyst. A user who belongs to several organizations names one in the header X-Organization-Id.
         */
        get: operations["readAuditEvent"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/compliance/audit-events/histogram": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How many events a filter selects: in all, by action, and by hour or day in UTC, oldest first
         * @description Exact, from counts that are kept by hour and day. Without `unit`: hours for a window of a week or less, otherwise days. Where hours are asked for and the window is open or longer than 31 days, it has days all the same; `unit` of the answer says which.
         *
         *     Role: analyst. A user who belongs to several organizations names one in the header X-Organization-Id.
         */
        get: operations["countAuditEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/compliance/reports/soc2": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The last 365 days of the trail, against Trust Services Criteria
         * @description Role: admin. A user who belongs to several organizations names one in the header X-Organization-Id.
         */
        get: operations["readTrustServicesReport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/compliance/reports/iso27001": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The last 730 days of the trail, against Annex A of ISO/IEC 27001
         * @description Role: admin. A user who belongs to several organizations names one in the header X-Organization-Id.
         */
        get: operations["readAnnexAReport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/compliance/flags": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Flagged events with the rule, its version and the reason, newest first
         * @description Role: analyst. A user who belongs to several organizations names one in the header X-Organization-Id.
         */
        get: operations["listFlags"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/compliance/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Every event recorded before the request, or those a filter selects, as a stream
         * @description Oldest first. `X-Export-Id` names the export; the trailer `X-Audit-Signature` comes after the last byte of a whole one, and `GET …/exports/{id}` tells the same.
         *
         *     Role: admin. A user who belongs to several organizations names one in the header X-Organization-Id.
         */
        get: operations["exportAuditEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/compliance/exports/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What an export held, and whether it is whole
         * @description Role: admin. A user who belongs to several organizations names one in the header X-Organization-Id.
         */
        get: operations["readExport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the process answers */
        get: operations["health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the server can do its work: database, migrations, keys */
        get: operations["readiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Prometheus metrics */
        get: operations["metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/compliance/trail-check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether the stored trail is what was signed, as far as the server has checked it
         * @description Role: analyst. A user who belongs to several organizations names one in the header X-Organization-Id.
         */
        get: operations["readTrailCheck"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/compliance/legal-holds/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Place a legal hold: nothing of the trail is removed while any is in force
         * @description Role: admin. A user who belongs to several organizations names one in the header X-Organization-Id.
         */
        put: operations["placeLegalHold"];
        post?: never;
        /**
         * Release a legal hold; it stays listed
         * @description Role: owner. A user who belongs to several organizations names one in the header X-Organization-Id.
         */
        delete: operations["releaseLegalHold"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/compliance/legal-holds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Legal holds, those in force first, then newest first
         * @description Role: admin. A user who belongs to several organizations names one in the header X-Organization-Id.
         */
        get: operations["listLegalHolds"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/.well-known/compliance-signing-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Every key that packets were ever signed with, newest first
         * @description For anyone, from any origin. Retired keys sign no more and verify for ever.
         */
        get: operations["listSigningKeys"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/organizations/{orgId}/compliance-reports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The packets that were made, newest first
         * @description Role: member.
         */
        get: operations["listPackets"];
        put?: never;
        /**
         * Make a signed evidence packet of a framework over a period
         * @description `period_end` is now unless given, `period_start` a calendar month before it. The signature is over the exact bytes of `packet`: keep the file as it came.
         *
         *     Role: member.
         */
        post: operations["generatePacket"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/organizations/{orgId}/compliance-reports/{reportId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One packet, byte for byte as it was answered when it was made
         * @description Role: member.
         */
        get: operations["readPacket"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/organizations/{orgId}/compliance-reports/{reportId}/pdf": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The same packet to read and print, with the signed JSON inside
         * @description Role: member.
         */
        get: operations["readPacketPdf"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/organizations/{orgId}/compliance-reports/{reportId}/annex/{template}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A table of a DORA packet's provider annex as CSV
         * @description Role: member.
         */
        get: operations["readPacketAnnex"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/organizations/{orgId}/compliance-reports/{reportId}/diff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What differs between two packets of one framework; the older one is `before`
         * @description Role: member.
         */
        get: operations["comparePackets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/organizations/{orgId}/compliance-schedules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Which packets are made by themselves, and the last hundred runs
         * @description Role: member.
         */
        get: operations["listSchedules"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/organizations/{orgId}/compliance-schedules/{framework}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Make packets of a framework by themselves, each over the calendar month or quarter that ended
         * @description Role: admin.
         */
        put: operations["scheduleFramework"];
        post?: never;
        /**
         * Make no more packets of a framework by themselves
         * @description Role: admin.
         */
        delete: operations["unscheduleFramework"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/organizations/{orgId}/compliance-subscriptions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How the organization stands to each framework
         * @description Role: member.
         */
        get: operations["listSubscriptions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/organizations/{orgId}/compliance-subscriptions/{framework}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Subscribe to a framework; again changes nothing
         * @description Role: admin.
         */
        put: operations["subscribe"];
        post?: never;
        /**
         * End a subscription; packets that were made stay, and again changes nothing
         * @description Role: admin.
         */
        delete: operations["unsubscribe"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/organizations/{orgId}/billing/charges": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What the subscriptions cost in a calendar month
         * @description Role: admin.
         */
        get: operations["readCharges"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: never;
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    email: string;
                    password: string;
                    code?: string;
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        access_token: string;
                        /** @enum {string} */
                        token_type: "Bearer";
                        /** @description Seconds */
                        expires_in: number;
                        organizations: {
                            /** Format: uuid */
                            id: string;
                            name: string;
                            /** @enum {unknown} */
                            role: "owner" | "admin" | "analyst" | "member" | "recorder";
                        }[];
                    };
                };
            };
        };
    };
    logout: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    whoAmI: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {unknown} */
                        kind: "user" | "api_key";
                        id: string;
                        name: string;
                        email: string | null;
                        organization: {
                            /** Format: uuid */
                            id: string;
                            name: string;
                        } | null;
                        role: ("owner" | "admin" | "analyst" | "member" | "recorder") | null;
                        /** @description Whether there is a password to sign in with; false for an API key */
                        password: boolean;
                        /** @description Whether signing in takes a code; false for an API key */
                        two_factor: boolean;
                        organizations: {
                            /** Format: uuid */
                            id: string;
                            name: string;
                            /** @enum {unknown} */
                            role: "owner" | "admin" | "analyst" | "member" | "recorder";
                        }[];
                    };
                };
            };
        };
    };
    changePassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    current_password?: string;
                    new_password: string;
                };
            };
        };
        responses: {
            /** @description Default Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    acceptInvitation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    token: string;
                    password?: string;
                    code?: string;
                };
            };
        };
        responses: {
            /** @description Default Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    readTwoFactor: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        enabled: boolean;
                        enabled_at: string | null;
                        recovery_codes_left: number;
                    };
                };
            };
        };
    };
    beginTwoFactor: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    password: string;
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Base32, to be typed in */
                        secret: string;
                        /** @description otpauth:// URI, to be scanned */
                        uri: string;
                    };
                };
            };
        };
    };
    confirmTwoFactor: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    code: string;
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Each signs you in once; they are shown this once */
                        recovery_codes: string[];
                    };
                };
            };
        };
    };
    renewRecoveryCodes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    password: string;
                    code: string;
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Each signs you in once; they are shown this once */
                        recovery_codes: string[];
                    };
                };
            };
        };
    };
    endTwoFactor: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    password: string;
                    code: string;
                };
            };
        };
        responses: {
            /** @description Default Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    readSignInMethods: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        password: boolean;
                        oidc: {
                            /** @description Host of the identity provider */
                            name: string;
                        } | null;
                    };
                };
            };
        };
    };
    beginOidcSignIn: {
        parameters: {
            query: {
                /** @description Made up by the page that signs in, and kept by it: 256 random bits in base64url */
                binding: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: never;
    };
    returnFromOidcSignIn: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: never;
    };
    takeUpOidcSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    code: string;
                    /** @description Made up by the page that signs in, and kept by it: 256 random bits in base64url */
                    binding: string;
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        access_token: string;
                        /** @enum {string} */
                        token_type: "Bearer";
                        /** @description Seconds */
                        expires_in: number;
                        organizations: {
                            /** Format: uuid */
                            id: string;
                            name: string;
                            /** @enum {unknown} */
                            role: "owner" | "admin" | "analyst" | "member" | "recorder";
                        }[];
                    };
                };
            };
        };
    };
    listOrganizations: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** Format: uuid */
                            id: string;
                            name: string;
                            billing_email: string;
                            audit_retention_days: number | null;
                            /** Format: date-time */
                            created_at: string;
                            /** @enum {unknown} */
                            role: "owner" | "admin" | "analyst" | "member" | "recorder";
                        }[];
                    };
                };
            };
        };
    };
    createOrganization: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name: string;
                    billing_email: string;
                };
            };
        };
        responses: {
            /** @description Default Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uuid */
                        id: string;
                        name: string;
                        billing_email: string;
                        audit_retention_days: number | null;
                        /** Format: date-time */
                        created_at: string;
                    };
                };
            };
        };
    };
    readOrganization: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uuid */
                        id: string;
                        name: string;
                        billing_email: string;
                        audit_retention_days: number | null;
                        /** Format: date-time */
                        created_at: string;
                    };
                };
            };
        };
    };
    changeOrganization: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name?: string;
                    billing_email?: string;
                    audit_retention_days?: number | null;
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uuid */
                        id: string;
                        name: string;
                        billing_email: string;
                        audit_retention_days: number | null;
                        /** Format: date-time */
                        created_at: string;
                    };
                };
            };
        };
    };
    listMembers: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** Format: uuid */
                            user_id: string;
                            email: string;
                            name: string;
                            /** @enum {unknown} */
                            role: "owner" | "admin" | "analyst" | "member";
                        }[];
                    };
                };
            };
        };
    };
    addMember: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Without a colon, and not beginning with vtk_: HTTP Basic could not carry it */
                    email: string;
                    name: string;
                    /** @enum {unknown} */
                    role: "owner" | "admin" | "analyst" | "member";
                    password?: string;
                };
            };
        };
        responses: {
            /** @description Default Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uuid */
                        user_id: string;
                        email: string;
                        name: string;
                        /** @enum {unknown} */
                        role: "owner" | "admin" | "analyst" | "member";
                        invitation_url: string | null;
                        invitation_expires_at: string | null;
                    };
                };
            };
        };
    };
    removeMember: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    changeMember: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
                userId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {unknown} */
                    role: "owner" | "admin" | "analyst" | "member";
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uuid */
                        user_id: string;
                        email: string;
                        name: string;
                        /** @enum {unknown} */
                        role: "owner" | "admin" | "analyst" | "member";
                    };
                };
            };
        };
    };
    listInvitations: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** Format: uuid */
                            user_id: string;
                            email: string;
                            /** @enum {unknown} */
                            role: "owner" | "admin" | "analyst" | "member";
                            /** Format: date-time */
                            created_at: string;
                            /** Format: date-time */
                            expires_at: string;
                            /** @description Whether they are a member already, and the link only sets their password. */
                            is_member: boolean;
                        }[];
                    };
                };
            };
        };
    };
    revokeInvitation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    listApiKeys: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            key: string;
                            name: string;
                            /** @enum {unknown} */
                            role: "owner" | "admin" | "analyst" | "member" | "recorder";
                            /** Format: date-time */
                            created_at: string;
                            created_by: string;
                            last_used_at: string | null;
                        }[];
                    };
                };
            };
        };
    };
    issueApiKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name: string;
                    /** @enum {unknown} */
                    role: "owner" | "admin" | "analyst" | "member" | "recorder";
                };
            };
        };
        responses: {
            /** @description Default Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        key: string;
                        /** @description Shown this once. */
                        secret: string;
                        name: string;
                        /** @enum {unknown} */
                        role: "owner" | "admin" | "analyst" | "member" | "recorder";
                        /** Format: date-time */
                        created_at: string;
                    };
                };
            };
        };
    };
    withdrawApiKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    listServices: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** Format: uuid */
                            service_id: string;
                            name: string;
                            database_type: string;
                            zones: string[];
                            storage_encrypted_at_rest: boolean;
                            backup_encryption: "AES-256-GCM" | null;
                            tls_enabled: boolean;
                            /** @enum {unknown} */
                            backup_schedule: "hourly" | "daily" | "weekly" | "none";
                            backup_retention_days: number;
                            /** Format: date-time */
                            created_at: string;
                            /** Format: date-time */
                            updated_at: string;
                        }[];
                    };
                };
            };
        };
    };
    createService: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name: string;
                    database_type: string;
                    zones: string[];
                    storage_encrypted_at_rest: boolean;
                    backup_encryption: "AES-256-GCM" | null;
                    tls_enabled: boolean;
                    /** @enum {unknown} */
                    backup_schedule: "hourly" | "daily" | "weekly" | "none";
                    backup_retention_days: number;
                };
            };
        };
        responses: {
            /** @description Default Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uuid */
                        service_id: string;
                        name: string;
                        database_type: string;
                        zones: string[];
                        storage_encrypted_at_rest: boolean;
                        backup_encryption: "AES-256-GCM" | null;
                        tls_enabled: boolean;
                        /** @enum {unknown} */
                        backup_schedule: "hourly" | "daily" | "weekly" | "none";
                        backup_retention_days: number;
                        /** Format: date-time */
                        created_at: string;
                        /** Format: date-time */
                        updated_at: string;
                    };
                };
            };
        };
    };
    readService: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
                serviceId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uuid */
                        service_id: string;
                        name: string;
                        database_type: string;
                        zones: string[];
                        storage_encrypted_at_rest: boolean;
                        backup_encryption: "AES-256-GCM" | null;
                        tls_enabled: boolean;
                        /** @enum {unknown} */
                        backup_schedule: "hourly" | "daily" | "weekly" | "none";
                        backup_retention_days: number;
                        /** Format: date-time */
                        created_at: string;
                        /** Format: date-time */
                        updated_at: string;
                    };
                };
            };
        };
    };
    putService: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
                serviceId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name: string;
                    database_type: string;
                    zones: string[];
                    storage_encrypted_at_rest: boolean;
                    backup_encryption: "AES-256-GCM" | null;
                    tls_enabled: boolean;
                    /** @enum {unknown} */
                    backup_schedule: "hourly" | "daily" | "weekly" | "none";
                    backup_retention_days: number;
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uuid */
                        service_id: string;
                        name: string;
                        database_type: string;
                        zones: string[];
                        storage_encrypted_at_rest: boolean;
                        backup_encryption: "AES-256-GCM" | null;
                        tls_enabled: boolean;
                        /** @enum {unknown} */
                        backup_schedule: "hourly" | "daily" | "weekly" | "none";
                        backup_retention_days: number;
                        /** Format: date-time */
                        created_at: string;
                        /** Format: date-time */
                        updated_at: string;
                    };
                };
            };
            /** @description Default Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uuid */
                        service_id: string;
                        name: string;
                        database_type: string;
                        zones: string[];
                        storage_encrypted_at_rest: boolean;
                        backup_encryption: "AES-256-GCM" | null;
                        tls_enabled: boolean;
                        /** @enum {unknown} */
                        backup_schedule: "hourly" | "daily" | "weekly" | "none";
                        backup_retention_days: number;
                        /** Format: date-time */
                        created_at: string;
                        /** Format: date-time */
                        updated_at: string;
                    };
                };
            };
        };
    };
    removeService: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
                serviceId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    changeService: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
                serviceId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name?: string;
                    database_type?: string;
                    zones?: string[];
                    storage_encrypted_at_rest?: boolean;
                    backup_encryption?: "AES-256-GCM" | null;
                    tls_enabled?: boolean;
                    /** @enum {unknown} */
                    backup_schedule?: "hourly" | "daily" | "weekly" | "none";
                    backup_retention_days?: number;
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uuid */
                        service_id: string;
                        name: string;
                        database_type: string;
                        zones: string[];
                        storage_encrypted_at_rest: boolean;
                        backup_encryption: "AES-256-GCM" | null;
                        tls_enabled: boolean;
                        /** @enum {unknown} */
                        backup_schedule: "hourly" | "daily" | "weekly" | "none";
                        backup_retention_days: number;
                        /** Format: date-time */
                        created_at: string;
                        /** Format: date-time */
                        updated_at: string;
                    };
                };
            };
        };
    };
    readServiceHistory: {
        parameters: {
            query?: {
                page?: number;
                page_size?: number;
            };
            header?: never;
            path: {
                orgId: string;
                serviceId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** Format: date-time */
                            valid_from: string;
                            valid_to: string | null;
                            name: string;
                            database_type: string;
                            zones: string[];
                            storage_encrypted_at_rest: boolean;
                            backup_encryption: "AES-256-GCM" | null;
                            tls_enabled: boolean;
                            /** @enum {unknown} */
                            backup_schedule: "hourly" | "daily" | "weekly" | "none";
                            backup_retention_days: number;
                        }[];
                        total: number;
                        page: number;
                        page_size: number;
                    };
                };
            };
        };
    };
    listBackups: {
        parameters: {
            query?: {
                page?: number;
                page_size?: number;
            };
            header?: never;
            path: {
                orgId: string;
                serviceId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** Format: uuid */
                            backup_id: string;
                            /** Format: uuid */
                            service_id: string;
                            /** Format: date-time */
                            completed_at: string;
                            type: string;
                            /** @enum {unknown} */
                            status: "completed" | "failed";
                            /** Format: date-time */
                            recorded_at: string;
                        }[];
                        total: number;
                        page: number;
                        page_size: number;
                    };
                };
            };
        };
    };
    recordBackup: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
                serviceId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** Format: date-time */
                    completed_at: string;
                    type: string;
                    /** @enum {unknown} */
                    status: "completed" | "failed";
                };
            };
        };
        responses: {
            /** @description Default Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uuid */
                        backup_id: string;
                        /** Format: uuid */
                        service_id: string;
                        /** Format: date-time */
                        completed_at: string;
                        type: string;
                        /** @enum {unknown} */
                        status: "completed" | "failed";
                        /** Format: date-time */
                        recorded_at: string;
                    };
                };
            };
        };
    };
    countBackupsByDay: {
        parameters: {
            query?: {
                days?: number;
                service_id?: string;
                page?: number;
                page_size?: number;
            };
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** Format: uuid */
                            service_id: string;
                            days: {
                                /**
                                 * Format: date
                                 * @description In UTC
                                 */
                                day: string;
                                /**
                                 * @description As it stood at the end of the day
                                 * @enum {unknown}
                                 */
                                schedule: "hourly" | "daily" | "weekly" | "none";
                                completed: number;
                                failed: number;
                            }[];
                        }[];
                        total: number;
                        page: number;
                        page_size: number;
                    };
                };
            };
        };
    };
    listSamples: {
        parameters: {
            query?: {
                from?: string;
                to?: string;
                page?: number;
                page_size?: number;
            };
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** Format: date */
                            day: string;
                            /** Format: date-time */
                            sampled_at: string;
                            service_count: number;
                            /** @description Of the content's bytes, in hex */
                            sha256: string;
                        }[];
                        total: number;
                        page: number;
                        page_size: number;
                    };
                };
            };
        };
    };
    readSample: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
                day: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: date */
                        day: string;
                        /** Format: date-time */
                        sampled_at: string;
                        service_count: number;
                        /** @description Of the content's bytes, in hex */
                        sha256: string;
                        content: {
                            /** Format: uuid */
                            service_id: string;
                            /** Format: date-time */
                            valid_from: string;
                            last_backup_at: string | null;
                        }[];
                    };
                };
            };
        };
    };
    listObservations: {
        parameters: {
            query?: {
                service_id?: string;
                fact?: "tls_required" | "tls_min_version" | "tls_certificate_not_after" | "auth_required" | "network_exposure" | "storage_cipher" | "backup_zones" | "availability_topology" | "capacity" | "version_and_patch" | "backup_integrity_check" | "log_store" | "mfa_enforced" | "shared_accounts" | "keys_register" | "clock" | "write_failures";
                page?: number;
                page_size?: number;
            };
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            service_id: string | null;
                            /** @enum {unknown} */
                            fact: "tls_required" | "tls_min_version" | "tls_certificate_not_after" | "auth_required" | "network_exposure" | "storage_cipher" | "backup_zones" | "availability_topology" | "capacity" | "version_and_patch" | "backup_integrity_check" | "log_store" | "mfa_enforced" | "shared_accounts" | "keys_register" | "clock" | "write_failures";
                            value: unknown;
                            collector: {
                                id: string;
                                version: string;
                            };
                            /** Format: date-time */
                            first_at: string;
                            /** Format: date-time */
                            last_at: string;
                            /** Format: date-time */
                            fresh_until: string;
                        }[];
                        total: number;
                        page: number;
                        page_size: number;
                    };
                };
            };
        };
    };
    recordObservations: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    collector: {
                        id: string;
                        version: string;
                    };
                    observations: ({
                        /** Format: uuid */
                        service_id: string;
                        /** @enum {string} */
                        fact: "tls_required";
                        value: boolean;
                        /** Format: date-time */
                        collected_at?: string;
                    } | {
                        /** Format: uuid */
                        service_id: string;
                        /** @enum {string} */
                        fact: "tls_min_version";
                        /** @enum {unknown} */
                        value: "1.0" | "1.1" | "1.2" | "1.3";
                        /** Format: date-time */
                        collected_at?: string;
                    } | {
                        /** Format: uuid */
                        service_id: string;
                        /** @enum {string} */
                        fact: "tls_certificate_not_after";
                        /**
                         * Format: date-time
                         * @description RFC 3339 in UTC, whole seconds: 2026-06-07T02:00:14Z
                         */
                        value: string;
                        /** Format: date-time */
                        collected_at?: string;
                    } | {
                        /** Format: uuid */
                        service_id: string;
                        /** @enum {string} */
                        fact: "auth_required";
                        value: boolean;
                        /** Format: date-time */
                        collected_at?: string;
                    } | {
                        /** Format: uuid */
                        service_id: string;
                        /** @enum {string} */
                        fact: "network_exposure";
                        /** @enum {unknown} */
                        value: "private" | "allow_list" | "public";
                        /** Format: date-time */
                        collected_at?: string;
                    } | {
                        /** Format: uuid */
                        service_id: string;
                        /** @enum {string} */
                        fact: "storage_cipher";
                        value: string;
                        /** Format: date-time */
                        collected_at?: string;
                    } | {
                        /** Format: uuid */
                        service_id: string;
                        /** @enum {string} */
                        fact: "backup_zones";
                        value: string[];
                        /** Format: date-time */
                        collected_at?: string;
                    } | {
                        /** Format: uuid */
                        service_id: string;
                        /** @enum {string} */
                        fact: "availability_topology";
                        value: {
                            nodes: number;
                            zones: number;
                            failover: boolean;
                        };
                        /** Format: date-time */
                        collected_at?: string;
                    } | {
                        /** Format: uuid */
                        service_id: string;
                        /** @enum {string} */
                        fact: "capacity";
                        value: {
                            used_percent: number;
                            alert_open: boolean;
                        };
                        /** Format: date-time */
                        collected_at?: string;
                    } | {
                        /** Format: uuid */
                        service_id: string;
                        /** @enum {string} */
                        fact: "version_and_patch";
                        value: {
                            engine: string;
                            version: string;
                            /**
                             * Format: date-time
                             * @description RFC 3339 in UTC, whole seconds: 2026-06-07T02:00:14Z
                             */
                            patched_at: string;
                            end_of_life: string | null;
                        };
                        /** Format: date-time */
                        collected_at?: string;
                    } | {
                        /** Format: uuid */
                        service_id: string;
                        /** @enum {string} */
                        fact: "backup_integrity_check";
                        value: {
                            method: string;
                            passed: boolean;
                        };
                        /** Format: date-time */
                        collected_at?: string;
                    } | {
                        /** Format: uuid */
                        service_id: string;
                        /** @enum {string} */
                        fact: "log_store";
                        value: {
                            /**
                             * Format: date-time
                             * @description RFC 3339 in UTC, whole seconds: 2026-06-07T02:00:14Z
                             */
                            oldest_record_at: string;
                            /**
                             * Format: date-time
                             * @description RFC 3339 in UTC, whole seconds: 2026-06-07T02:00:14Z
                             */
                            newest_record_at: string;
                        };
                        /** Format: date-time */
                        collected_at?: string;
                    } | {
                        /** @enum {string} */
                        fact: "mfa_enforced";
                        value: boolean;
                        /** Format: date-time */
                        collected_at?: string;
                    } | {
                        /** @enum {string} */
                        fact: "shared_accounts";
                        value: string[];
                        /** Format: date-time */
                        collected_at?: string;
                    } | {
                        /** @enum {string} */
                        fact: "keys_register";
                        value: {
                            key_id: string;
                            purpose: string;
                            /**
                             * Format: date-time
                             * @description RFC 3339 in UTC, whole seconds: 2026-06-07T02:00:14Z
                             */
                            created_at: string;
                            rotated_at: string | null;
                            retired_at: string | null;
                        }[];
                        /** Format: date-time */
                        collected_at?: string;
                    } | {
                        /** @enum {string} */
                        fact: "clock";
                        value: {
                            source: string;
                            max_skew_ms: number;
                        };
                        /** Format: date-time */
                        collected_at?: string;
                    } | {
                        /** @enum {string} */
                        fact: "write_failures";
                        value: {
                            count: number;
                            longest_outage_seconds: number;
                        };
                        /** Format: date-time */
                        collected_at?: string;
                    })[];
                };
            };
        };
        responses: {
            /** @description Default Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        recorded: number;
                        spans_opened: number;
                    };
                };
            };
        };
    };
    readDeclaration: {
        parameters: {
            query?: {
                page?: number;
                page_size?: number;
            };
            header?: never;
            path: {
                orgId: string;
                kind: "scope_categories" | "scope_decision" | "subservice_organization" | "risk_acceptance" | "access_review" | "change_approval" | "audit_source" | "log_held_elsewhere" | "flag_triage" | "incident" | "restore_test" | "disposal_record" | "data_classification" | "retention_reason" | "ropa_parties" | "ropa_processing" | "third_country_transfer" | "support_access" | "security_measures" | "dora_role" | "dora_provider" | "dora_service" | "dora_function" | "ai_role" | "ai_system";
                recordId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** @enum {unknown} */
                            kind: "scope_categories" | "scope_decision" | "subservice_organization" | "risk_acceptance" | "access_review" | "change_approval" | "audit_source" | "log_held_elsewhere" | "flag_triage" | "incident" | "restore_test" | "disposal_record" | "data_classification" | "retention_reason" | "ropa_parties" | "ropa_processing" | "third_country_transfer" | "support_access" | "security_measures" | "dora_role" | "dora_provider" | "dora_service" | "dora_function" | "ai_role" | "ai_system";
                            record_id: string;
                            version: number;
                            /** @description Who answers for it, as they named themselves */
                            owner: string;
                            /** @description Id of the user or key that stored it */
                            declared_by: string;
                            /** Format: date-time */
                            declared_at: string;
                            /** Format: date-time */
                            valid_until: string;
                            withdrawn: boolean;
                            data: {
                                [key: string]: unknown;
                            };
                        }[];
                        total: number;
                        page: number;
                        page_size: number;
                    };
                };
            };
        };
    };
    declare: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
                kind: "scope_categories" | "scope_decision" | "subservice_organization" | "risk_acceptance" | "access_review" | "change_approval" | "audit_source" | "log_held_elsewhere" | "flag_triage" | "incident" | "restore_test" | "disposal_record" | "data_classification" | "retention_reason" | "ropa_parties" | "ropa_processing" | "third_country_transfer" | "support_access" | "security_measures" | "dora_role" | "dora_provider" | "dora_service" | "dora_function" | "ai_role" | "ai_system";
                recordId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    owner: string;
                    /** Format: date-time */
                    valid_until?: string;
                    data: {
                        categories: ("security" | "availability" | "confidentiality" | "processing_integrity" | "privacy")[];
                        /** Format: date */
                        decided_on: string;
                    } | {
                        /** @enum {unknown} */
                        framework: "soc2" | "gdpr_ropa" | "dora" | "eu_ai_act" | "all";
                        control_id: string | null;
                        service_id: string | null;
                        reason: string;
                        decided_by: string;
                        /** Format: date */
                        decided_on: string;
                    } | {
                        name: string;
                        service: string;
                        countries: string[];
                        /** @enum {unknown} */
                        data_access: "none" | "encrypted" | "clear";
                        /** @enum {unknown} */
                        method: "carve_out" | "inclusive";
                        report: {
                            type: string;
                            issuer: string;
                            /** Format: date */
                            period_end: string;
                        } | null;
                        bridge_until: string | null;
                        rank: number;
                        identifier: ({
                            /** @enum {string} */
                            type: "LEI";
                            value: string;
                        } | {
                            /** @enum {unknown} */
                            type: "EUID" | "company_register" | "VAT" | "other";
                            value: string;
                        }) | null;
                    } | {
                        framework: string;
                        control_id: string;
                        reason: string;
                        accepted_by: string;
                        /** Format: date */
                        accepted_on: string;
                        /** Format: date */
                        review_on: string;
                    } | {
                        /** Format: date */
                        reviewed_on: string;
                        reviewed_by: string;
                        /** @enum {unknown} */
                        scope: "all" | "privileged";
                        removed: string[];
                    } | {
                        event_id: string;
                        approved_by: string;
                        /**
                         * Format: date-time
                         * @description RFC 3339 in UTC, whole seconds: 2026-06-07T02:00:14Z
                         */
                        approved_at: string;
                    } | {
                        name: string;
                        resource_type: string;
                        expected_actions: string[];
                        max_silence_days: number;
                        kinds: ("access" | "capacity" | "change" | "operations" | "network")[];
                    } | {
                        /** @enum {unknown} */
                        kind: "access" | "capacity" | "change" | "operations" | "network";
                        where: string;
                    } | {
                        event_id: string;
                        /** @enum {unknown} */
                        outcome: "incident" | "no_incident";
                        decided_by: string;
                        /**
                         * Format: date-time
                         * @description RFC 3339 in UTC, whole seconds: 2026-06-07T02:00:14Z
                         */
                        decided_at: string;
                    } | {
                        title: string;
                        /**
                         * Format: date-time
                         * @description RFC 3339 in UTC, whole seconds: 2026-06-07T02:00:14Z
                         */
                        detected_at: string;
                        started_at: string | null;
                        contained_at: string | null;
                        communicated_at: string | null;
                        closed_at: string | null;
                        classification: string | null;
                        root_cause: string | null;
                        personal_data_breach: boolean;
                        effects: string | null;
                        remedy: string | null;
                        controller_notified_at: string | null;
                        service_ids: string[];
                    } | {
                        service_id: string;
                        /**
                         * Format: date-time
                         * @description RFC 3339 in UTC, whole seconds: 2026-06-07T02:00:14Z
                         */
                        tested_at: string;
                        /** @enum {unknown} */
                        result: "passed" | "failed";
                        rto_minutes: number | null;
                        rpo_minutes: number | null;
                        performed_by: string;
                    } | {
                        service_id: string;
                        volumes_destroyed_at: string | null;
                        keys_destroyed_at: string | null;
                        backups_expired_at: string | null;
                    } | {
                        service_id: string;
                        classes: string[];
                        confidential: boolean;
                        /** @enum {unknown} */
                        personal_data: "yes" | "no" | "unknown";
                        retention_limit_days: number | null;
                    } | {
                        reason: string;
                        /** Format: date */
                        review_on: string;
                    } | {
                        /** @enum {unknown} */
                        tenant_role: "controller" | "processor" | "both";
                        processor: {
                            name: string;
                            contact: string;
                        };
                        controllers: {
                            name: string;
                            contact: string;
                        }[];
                        representative: {
                            name: string;
                            contact: string;
                        } | null;
                        dpo: {
                            name: string;
                            contact: string;
                        } | null;
                    } | {
                        service_id: string;
                        category: string;
                        purposes: string[];
                        data_subjects: string[];
                        personal_data: string[];
                    } | {
                        country: string;
                        recipient: string;
                        /** @enum {unknown} */
                        mechanism: "45" | "46(2)(a)" | "46(2)(b)" | "46(2)(c)" | "46(2)(d)" | "46(2)(e)" | "46(2)(f)" | "46(3)(a)" | "46(3)(b)" | "49";
                        safeguards: string | null;
                    } | {
                        countries: string[];
                    } | {
                        text: string;
                    } | {
                        /** @enum {unknown} */
                        role: "financial_entity" | "ict_provider" | "neither";
                        entity_type: string | null;
                    } | {
                        legal_name: string;
                        identifier: {
                            /** @enum {string} */
                            type: "LEI";
                            value: string;
                        } | {
                            /** @enum {unknown} */
                            type: "EUID" | "company_register" | "VAT" | "other";
                            value: string;
                        };
                        country: string;
                        parent: ({
                            /** @enum {string} */
                            type: "LEI";
                            value: string;
                        } | {
                            /** @enum {unknown} */
                            type: "EUID" | "company_register" | "VAT" | "other";
                            value: string;
                        }) | null;
                    } | {
                        service_id: string;
                        /** @description S01 to S19 */
                        service_type: string;
                        country_of_provision: string;
                        countries_of_processing: string[];
                        agreed_countries: string[] | null;
                        arrangement_reference: string | null;
                    } | {
                        service_id: string;
                        function_id: string;
                        /** @enum {unknown} */
                        critical: "yes" | "no" | "not_assessed";
                        rto_minutes: number | null;
                        rpo_minutes: number | null;
                        min_schedule: ("hourly" | "daily" | "weekly") | null;
                    } | {
                        /** @enum {unknown} */
                        role: "provider" | "deployer" | "provider_and_deployer" | "neither";
                    } | {
                        name: string;
                        /** @enum {unknown} */
                        high_risk: "annex_iii" | "annex_i" | "no" | "not_assessed";
                        assessment: string | null;
                        in_use_since: string | null;
                        placed_on_market: string | null;
                        log_services: string[];
                        log_retention_months: number | null;
                        data_services: string[];
                        monitoring_services: string[];
                    };
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {unknown} */
                        kind: "scope_categories" | "scope_decision" | "subservice_organization" | "risk_acceptance" | "access_review" | "change_approval" | "audit_source" | "log_held_elsewhere" | "flag_triage" | "incident" | "restore_test" | "disposal_record" | "data_classification" | "retention_reason" | "ropa_parties" | "ropa_processing" | "third_country_transfer" | "support_access" | "security_measures" | "dora_role" | "dora_provider" | "dora_service" | "dora_function" | "ai_role" | "ai_system";
                        record_id: string;
                        version: number;
                        /** @description Who answers for it, as they named themselves */
                        owner: string;
                        /** @description Id of the user or key that stored it */
                        declared_by: string;
                        /** Format: date-time */
                        declared_at: string;
                        /** Format: date-time */
                        valid_until: string;
                        withdrawn: boolean;
                        data: {
                            [key: string]: unknown;
                        };
                    };
                };
            };
            /** @description Default Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {unknown} */
                        kind: "scope_categories" | "scope_decision" | "subservice_organization" | "risk_acceptance" | "access_review" | "change_approval" | "audit_source" | "log_held_elsewhere" | "flag_triage" | "incident" | "restore_test" | "disposal_record" | "data_classification" | "retention_reason" | "ropa_parties" | "ropa_processing" | "third_country_transfer" | "support_access" | "security_measures" | "dora_role" | "dora_provider" | "dora_service" | "dora_function" | "ai_role" | "ai_system";
                        record_id: string;
                        version: number;
                        /** @description Who answers for it, as they named themselves */
                        owner: string;
                        /** @description Id of the user or key that stored it */
                        declared_by: string;
                        /** Format: date-time */
                        declared_at: string;
                        /** Format: date-time */
                        valid_until: string;
                        withdrawn: boolean;
                        data: {
                            [key: string]: unknown;
                        };
                    };
                };
            };
        };
    };
    withdrawDeclaration: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
                kind: "scope_categories" | "scope_decision" | "subservice_organization" | "risk_acceptance" | "access_review" | "change_approval" | "audit_source" | "log_held_elsewhere" | "flag_triage" | "incident" | "restore_test" | "disposal_record" | "data_classification" | "retention_reason" | "ropa_parties" | "ropa_processing" | "third_country_transfer" | "support_access" | "security_measures" | "dora_role" | "dora_provider" | "dora_service" | "dora_function" | "ai_role" | "ai_system";
                recordId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    listDeclarations: {
        parameters: {
            query?: {
                kind?: "scope_categories" | "scope_decision" | "subservice_organization" | "risk_acceptance" | "access_review" | "change_approval" | "audit_source" | "log_held_elsewhere" | "flag_triage" | "incident" | "restore_test" | "disposal_record" | "data_classification" | "retention_reason" | "ropa_parties" | "ropa_processing" | "third_country_transfer" | "support_access" | "security_measures" | "dora_role" | "dora_provider" | "dora_service" | "dora_function" | "ai_role" | "ai_system";
                page?: number;
                page_size?: number;
            };
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** @enum {unknown} */
                            kind: "scope_categories" | "scope_decision" | "subservice_organization" | "risk_acceptance" | "access_review" | "change_approval" | "audit_source" | "log_held_elsewhere" | "flag_triage" | "incident" | "restore_test" | "disposal_record" | "data_classification" | "retention_reason" | "ropa_parties" | "ropa_processing" | "third_country_transfer" | "support_access" | "security_measures" | "dora_role" | "dora_provider" | "dora_service" | "dora_function" | "ai_role" | "ai_system";
                            record_id: string;
                            version: number;
                            /** @description Who answers for it, as they named themselves */
                            owner: string;
                            /** @description Id of the user or key that stored it */
                            declared_by: string;
                            /** Format: date-time */
                            declared_at: string;
                            /** Format: date-time */
                            valid_until: string;
                            withdrawn: boolean;
                            data: {
                                [key: string]: unknown;
                            };
                        }[];
                        total: number;
                        page: number;
                        page_size: number;
                    };
                };
            };
        };
    };
    listZones: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            zone: string;
                            region: string;
                            country: string;
                            eu: boolean;
                        }[];
                    };
                };
            };
        };
    };
    readPostureReport: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        report: {
                            /** Format: uuid */
                            organization_id: string;
                            /** Format: date-time */
                            generated_at: string;
                            service_count: number;
                            all_services_eu_residency: boolean;
                            services: {
                                /** Format: uuid */
                                service_id: string;
                                name: string;
                                database_type: string;
                                zones: string[];
                                regions: string[];
                                eu_residency: boolean;
                                storage_encrypted_at_rest: boolean;
                                backup_encryption: string | null;
                                tls_enabled: boolean;
                                last_backup_at: string | null;
                                last_backup_type: string | null;
                                backup_schedule: string;
                                backup_retention_days: number;
                            }[];
                            audit_log: {
                                retention_policy_days: number | null;
                                entry_count: number;
                                oldest_entry_at: string | null;
                            };
                        };
                        signature: {
                            /** @enum {string} */
                            algorithm: "HMAC-SHA256";
                            value: string;
                            key_id: string;
                        };
                    };
                };
            };
        };
    };
    readVerificationKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        key_id: string;
                        verification_key: string;
                    };
                };
            };
        };
    };
    listAuditEvents: {
        parameters: {
            query?: {
                page?: number;
                page_size?: number;
                action?: "CREATE" | "UPDATE" | "DELETE" | "READ" | "LOGIN" | "LOGOUT" | "PERMISSION_CHANGE" | "CONFIG_CHANGE" | "EXPORT";
                resource_type?: string;
                actor_id?: string;
                /** @description RFC 3339, inclusive */
                start_date?: string;
                /** @description RFC 3339, inclusive */
                end_date?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** Format: uuid */
                            id: string;
                            /** @enum {unknown} */
                            action: "CREATE" | "UPDATE" | "DELETE" | "READ" | "LOGIN" | "LOGOUT" | "PERMISSION_CHANGE" | "CONFIG_CHANGE" | "EXPORT";
                            resource_type: string;
                            resource_id: string;
                            actor_id: string;
                            actor_username: string | null;
                            /** Format: date-time */
                            timestamp: string;
                            ip_address: string | null;
                            user_agent: string | null;
                            details: {
                                [key: string]: unknown;
                            };
                            signature: string;
                            /** Format: date-time */
                            recorded_at: string;
                            sequence: number;
                            signature_key_id: string;
                        }[];
                        total: number;
                        page: number;
                        page_size: number;
                        pages: number;
                    };
                };
            };
        };
    };
    recordAuditEvents: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {unknown} */
                    action: "CREATE" | "UPDATE" | "DELETE" | "READ" | "LOGIN" | "LOGOUT" | "PERMISSION_CHANGE" | "CONFIG_CHANGE" | "EXPORT";
                    resource_type: string;
                    resource_id: string;
                    actor_id: string;
                    actor_username?: string | null;
                    timestamp?: string | null;
                    ip_address?: (string) | null;
                    user_agent?: string | null;
                    details?: {
                        [key: string]: unknown;
                    } | null;
                    id?: string | null;
                } | {
                    events: {
                        /** @enum {unknown} */
                        action: "CREATE" | "UPDATE" | "DELETE" | "READ" | "LOGIN" | "LOGOUT" | "PERMISSION_CHANGE" | "CONFIG_CHANGE" | "EXPORT";
                        resource_type: string;
                        resource_id: string;
                        actor_id: string;
                        actor_username?: string | null;
                        timestamp?: string | null;
                        ip_address?: (string) | null;
                        user_agent?: string | null;
                        details?: {
                            [key: string]: unknown;
                        } | null;
                        id?: string | null;
                    }[];
                };
                "application/x-ndjson": {
                    /** @enum {unknown} */
                    action: "CREATE" | "UPDATE" | "DELETE" | "READ" | "LOGIN" | "LOGOUT" | "PERMISSION_CHANGE" | "CONFIG_CHANGE" | "EXPORT";
                    resource_type: string;
                    resource_id: string;
                    actor_id: string;
                    actor_username?: string | null;
                    timestamp?: string | null;
                    ip_address?: (string) | null;
                    user_agent?: string | null;
                    details?: {
                        [key: string]: unknown;
                    } | null;
                    id?: string | null;
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uuid */
                        id: string;
                        /** @enum {unknown} */
                        action: "CREATE" | "UPDATE" | "DELETE" | "READ" | "LOGIN" | "LOGOUT" | "PERMISSION_CHANGE" | "CONFIG_CHANGE" | "EXPORT";
                        resource_type: string;
                        resource_id: string;
                        actor_id: string;
                        actor_username: string | null;
                        /** Format: date-time */
                        timestamp: string;
                        ip_address: string | null;
                        user_agent: string | null;
                        details: {
                            [key: string]: unknown;
                        };
                        signature: string;
                        /** Format: date-time */
                        recorded_at: string;
                        sequence: number;
                        signature_key_id: string;
                    } | {
                        items: {
                            /** Format: uuid */
                            id: string;
                            /** @enum {unknown} */
                            action: "CREATE" | "UPDATE" | "DELETE" | "READ" | "LOGIN" | "LOGOUT" | "PERMISSION_CHANGE" | "CONFIG_CHANGE" | "EXPORT";
                            resource_type: string;
                            resource_id: string;
                            actor_id: string;
                            actor_username: string | null;
                            /** Format: date-time */
                            timestamp: string;
                            ip_address: string | null;
                            user_agent: string | null;
                            details: {
                                [key: string]: unknown;
                            };
                            signature: string;
                            /** Format: date-time */
                            recorded_at: string;
                            sequence: number;
                            signature_key_id: string;
                        }[];
                    } | {
                        accepted: number;
                        duplicates: number;
                        last_line: number;
                        refused: null;
                    };
                };
            };
            /** @description Default Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uuid */
                        id: string;
                        /** @enum {unknown} */
                        action: "CREATE" | "UPDATE" | "DELETE" | "READ" | "LOGIN" | "LOGOUT" | "PERMISSION_CHANGE" | "CONFIG_CHANGE" | "EXPORT";
                        resource_type: string;
                        resource_id: string;
                        actor_id: string;
                        actor_username: string | null;
                        /** Format: date-time */
                        timestamp: string;
                        ip_address: string | null;
                        user_agent: string | null;
                        details: {
                            [key: string]: unknown;
                        };
                        signature: string;
                        /** Format: date-time */
                        recorded_at: string;
                        sequence: number;
                        signature_key_id: string;
                    } | {
                        items: {
                            /** Format: uuid */
                            id: string;
                            /** @enum {unknown} */
                            action: "CREATE" | "UPDATE" | "DELETE" | "READ" | "LOGIN" | "LOGOUT" | "PERMISSION_CHANGE" | "CONFIG_CHANGE" | "EXPORT";
                            resource_type: string;
                            resource_id: string;
                            actor_id: string;
                            actor_username: string | null;
                            /** Format: date-time */
                            timestamp: string;
                            ip_address: string | null;
                            user_agent: string | null;
                            details: {
                                [key: string]: unknown;
                            };
                            signature: string;
                            /** Format: date-time */
                            recorded_at: string;
                            sequence: number;
                            signature_key_id: string;
                        }[];
                    };
                };
            };
        };
    };
    readAuditEvent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uuid */
                        id: string;
                        /** @enum {unknown} */
                        action: "CREATE" | "UPDATE" | "DELETE" | "READ" | "LOGIN" | "LOGOUT" | "PERMISSION_CHANGE" | "CONFIG_CHANGE" | "EXPORT";
                        resource_type: string;
                        resource_id: string;
                        actor_id: string;
                        actor_username: string | null;
                        /** Format: date-time */
                        timestamp: string;
                        ip_address: string | null;
                        user_agent: string | null;
                        details: {
                            [key: string]: unknown;
                        };
                        signature: string;
                        /** Format: date-time */
                        recorded_at: string;
                        sequence: number;
                        signature_key_id: string;
                    };
                };
            };
        };
    };
    countAuditEvents: {
        parameters: {
            query?: {
                unit?: "hour" | "day";
                action?: "CREATE" | "UPDATE" | "DELETE" | "READ" | "LOGIN" | "LOGOUT" | "PERMISSION_CHANGE" | "CONFIG_CHANGE" | "EXPORT";
                resource_type?: string;
                actor_id?: string;
                /** @description RFC 3339, inclusive */
                start_date?: string;
                /** @description RFC 3339, inclusive */
                end_date?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {unknown} */
                        unit: "hour" | "day";
                        total: number;
                        by_action: {
                            CREATE: number;
                            UPDATE: number;
                            DELETE: number;
                            READ: number;
                            LOGIN: number;
                            LOGOUT: number;
                            PERMISSION_CHANGE: number;
                            CONFIG_CHANGE: number;
                            EXPORT: number;
                        };
                        failed_login_attempts: number | null;
                        items: {
                            /** Format: date-time */
                            start: string;
                            events: number;
                        }[];
                    };
                };
            };
        };
    };
    readTrustServicesReport: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {unknown} */
                        report_type: "SOC2" | "ISO27001";
                        /** Format: date-time */
                        generated_at: string;
                        /** Format: date-time */
                        period_start: string;
                        /** Format: date-time */
                        period_end: string;
                        coverage: {
                            start: string | null;
                            /** Format: date-time */
                            end: string;
                            whole_period: boolean;
                            checked_at: string | null;
                            checked_events: number;
                            unchecked_events: number;
                            /** @enum {unknown} */
                            integrity: "sound" | "broken" | "unverified";
                        };
                        summary: {
                            total_events: number;
                            by_action: {
                                CREATE: number;
                                UPDATE: number;
                                DELETE: number;
                                READ: number;
                                LOGIN: number;
                                LOGOUT: number;
                                PERMISSION_CHANGE: number;
                                CONFIG_CHANGE: number;
                                EXPORT: number;
                            };
                            unique_actors: number;
                            flagged_events: number;
                            failed_login_attempts: number;
                        };
                        controls: {
                            control_id: string;
                            annex_a_2022?: string;
                            description: string;
                            /** @enum {unknown} */
                            status: "COMPLIANT" | "EXCEPTION" | "INSUFFICIENT_EVIDENCE";
                            evidence_count: number;
                            reasons: string[];
                        }[];
                        catalogue: {
                            id: string;
                            version: string;
                        };
                        statements: string[];
                    };
                };
            };
        };
    };
    readAnnexAReport: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {unknown} */
                        report_type: "SOC2" | "ISO27001";
                        /** Format: date-time */
                        generated_at: string;
                        /** Format: date-time */
                        period_start: string;
                        /** Format: date-time */
                        period_end: string;
                        coverage: {
                            start: string | null;
                            /** Format: date-time */
                            end: string;
                            whole_period: boolean;
                            checked_at: string | null;
                            checked_events: number;
                            unchecked_events: number;
                            /** @enum {unknown} */
                            integrity: "sound" | "broken" | "unverified";
                        };
                        summary: {
                            total_events: number;
                            by_action: {
                                CREATE: number;
                                UPDATE: number;
                                DELETE: number;
                                READ: number;
                                LOGIN: number;
                                LOGOUT: number;
                                PERMISSION_CHANGE: number;
                                CONFIG_CHANGE: number;
                                EXPORT: number;
                            };
                            unique_actors: number;
                            flagged_events: number;
                            failed_login_attempts: number;
                        };
                        controls: {
                            control_id: string;
                            annex_a_2022?: string;
                            description: string;
                            /** @enum {unknown} */
                            status: "COMPLIANT" | "EXCEPTION" | "INSUFFICIENT_EVIDENCE";
                            evidence_count: number;
                            reasons: string[];
                        }[];
                        catalogue: {
                            id: string;
                            version: string;
                        };
                        statements: string[];
                    };
                };
            };
        };
    };
    listFlags: {
        parameters: {
            query?: {
                page?: number;
                page_size?: number;
                event_id?: string;
                rule?: "failed_login_burst" | "login_after_failures" | "self_granted_role" | "mass_deletion" | "export_by_new_actor" | "backdated_event" | "idle_actor_new_address";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** Format: uuid */
                            event_id: string;
                            sequence: number;
                            /** Format: date-time */
                            timestamp: string;
                            /** @enum {unknown} */
                            action: "CREATE" | "UPDATE" | "DELETE" | "READ" | "LOGIN" | "LOGOUT" | "PERMISSION_CHANGE" | "CONFIG_CHANGE" | "EXPORT";
                            rule: string;
                            rule_version: number;
                            parameters: {
                                [key: string]: unknown;
                            };
                            reason: string;
                            /** Format: date-time */
                            flagged_at: string;
                        }[];
                        total: number;
                        page: number;
                        page_size: number;
                        pages: number;
                    };
                };
            };
        };
    };
    exportAuditEvents: {
        parameters: {
            query?: {
                format?: "json" | "csv" | "ndjson";
                action?: "CREATE" | "UPDATE" | "DELETE" | "READ" | "LOGIN" | "LOGOUT" | "PERMISSION_CHANGE" | "CONFIG_CHANGE" | "EXPORT";
                resource_type?: string;
                actor_id?: string;
                /** @description RFC 3339, inclusive */
                start_date?: string;
                /** @description RFC 3339, inclusive */
                end_date?: string;
                /** @description Only events with a higher sequence: what came since an export whose manifest gave this as `last_sequence`, or the rest of one that broke off, if it was by sequence. */
                after_sequence?: number;
                /** @description Oldest first by `timestamp`, then `sequence`; or by `sequence`, as they were recorded. */
                order?: "time" | "sequence";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A JSON array of events, CSV with a header row, or one event a line */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uuid */
                        id: string;
                        /** @enum {unknown} */
                        action: "CREATE" | "UPDATE" | "DELETE" | "READ" | "LOGIN" | "LOGOUT" | "PERMISSION_CHANGE" | "CONFIG_CHANGE" | "EXPORT";
                        resource_type: string;
                        resource_id: string;
                        actor_id: string;
                        actor_username: string | null;
                        /** Format: date-time */
                        timestamp: string;
                        ip_address: string | null;
                        user_agent: string | null;
                        details: {
                            [key: string]: unknown;
                        };
                        signature: string;
                        /** Format: date-time */
                        recorded_at: string;
                        sequence: number;
                        signature_key_id: string;
                    }[];
                    "text/csv": string;
                    "application/x-ndjson": string;
                };
            };
        };
    };
    readExport: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uuid */
                        export_id: string;
                        /** @enum {unknown} */
                        format: "json" | "csv" | "ndjson";
                        filter: {
                            [key: string]: unknown;
                        };
                        /** Format: date-time */
                        requested_at: string;
                        complete: boolean;
                        events: number | null;
                        first_sequence: number | null;
                        last_sequence: number | null;
                        bytes: number | null;
                        sha256: string | null;
                        signature: string | null;
                        signature_key_id: string;
                    };
                };
            };
        };
    };
    health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        status: "ok";
                    };
                };
            };
        };
    };
    readiness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {unknown} */
                        status: "ready" | "not_ready";
                        checks: {
                            [key: string]: "ok" | "failed";
                        };
                    };
                };
            };
        };
    };
    metrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Prometheus text exposition format */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
        };
    };
    readTrailCheck: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Every event with a sequence below this was checked. */
                        checked_through: number;
                        checked_at: string | null;
                        entry_count: number;
                        last_full_check_at: string | null;
                        /** @enum {unknown} */
                        result: "sound" | "diverged" | "unchecked";
                        first_bad: {
                            sequence: number | null;
                            /** @enum {unknown} */
                            finding: "head_differs" | "sequence_gap" | "sequence_double" | "key_unknown" | "mac_wrong" | "leaf_wrong" | "flag_wrong" | "time_backwards" | "counts_differ";
                        } | null;
                    };
                };
            };
        };
    };
    placeLegalHold: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Why nothing may be removed; it goes into the trail. */
                    reason: string;
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        name: string;
                        reason: string;
                        placed_by: string;
                        /** Format: date-time */
                        placed_at: string;
                        released_by: string | null;
                        released_at: string | null;
                    };
                };
            };
            /** @description Default Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        name: string;
                        reason: string;
                        placed_by: string;
                        /** Format: date-time */
                        placed_at: string;
                        released_by: string | null;
                        released_at: string | null;
                    };
                };
            };
        };
    };
    releaseLegalHold: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    listLegalHolds: {
        parameters: {
            query?: {
                page?: number;
                page_size?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            name: string;
                            reason: string;
                            placed_by: string;
                            /** Format: date-time */
                            placed_at: string;
                            released_by: string | null;
                            released_at: string | null;
                        }[];
                    };
                };
            };
        };
    };
    listSigningKeys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        algorithm: "Ed25519";
                        keys: {
                            key_id: string;
                            /** @enum {string} */
                            algorithm: "Ed25519";
                            /** @description Base64 of the 32 raw bytes */
                            public_key: string;
                            active: boolean;
                            retired_at: string | null;
                            /** Format: date-time */
                            created_at: string;
                        }[];
                    };
                };
            };
        };
    };
    listPackets: {
        parameters: {
            query?: {
                page?: number;
                page_size?: number;
            };
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** Format: uuid */
                            report_id: string;
                            /** @enum {unknown} */
                            framework: "soc2" | "gdpr_ropa" | "dora" | "eu_ai_act";
                            schema_version: string;
                            /** Format: date-time */
                            period_start: string;
                            /** Format: date-time */
                            period_end: string;
                            /** Format: date-time */
                            generated_at: string;
                            key_id: string | null;
                            /** @enum {unknown} */
                            status: "complete" | "failed";
                            pdf_available: boolean;
                            canonical_sha256: string | null;
                            status_counts: {
                                [key: string]: number;
                            } | null;
                            failure: string | null;
                        }[];
                        total: number;
                        page: number;
                        page_size: number;
                    };
                };
            };
        };
    };
    generatePacket: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {unknown} */
                    framework: "soc2" | "gdpr_ropa" | "dora" | "eu_ai_act";
                    /** Format: date-time */
                    period_start?: string;
                    /** Format: date-time */
                    period_end?: string;
                };
            };
        };
        responses: {
            /** @description Default Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uuid */
                        report_id: string;
                        /** @description docs/formats/evidence-packet.md */
                        packet: {
                            [key: string]: unknown;
                        };
                        signature: {
                            /** @enum {string} */
                            algorithm: "Ed25519";
                            key_id: string;
                            value: string;
                            canonical_sha256: string;
                        };
                    };
                };
            };
        };
    };
    readPacket: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
                reportId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uuid */
                        report_id: string;
                        /** @description docs/formats/evidence-packet.md */
                        packet: {
                            [key: string]: unknown;
                        };
                        signature: {
                            /** @enum {string} */
                            algorithm: "Ed25519";
                            key_id: string;
                            value: string;
                            canonical_sha256: string;
                        };
                    };
                };
            };
        };
    };
    readPacketPdf: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
                reportId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description PDF/A-3 */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/pdf": string;
                };
            };
        };
    };
    readPacketAnnex: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
                reportId: string;
                template: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description RFC 4180 */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
        };
    };
    comparePackets: {
        parameters: {
            query: {
                with: string;
            };
            header?: never;
            path: {
                orgId: string;
                reportId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        before: {
                            /** Format: uuid */
                            report_id: string;
                            /** Format: date-time */
                            generated_at: string;
                        };
                        after: {
                            /** Format: uuid */
                            report_id: string;
                            /** Format: date-time */
                            generated_at: string;
                        };
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    listSchedules: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** @enum {unknown} */
                            framework: "soc2" | "gdpr_ropa" | "dora" | "eu_ai_act";
                            /** @enum {unknown} */
                            cadence: "monthly" | "quarterly";
                            /** Format: date-time */
                            next_due_at: string;
                            /** Format: date-time */
                            created_at: string;
                        }[];
                        runs: {
                            /** @enum {unknown} */
                            framework: "soc2" | "gdpr_ropa" | "dora" | "eu_ai_act";
                            /** Format: date-time */
                            due_at: string;
                            /** @enum {unknown} */
                            status: "complete" | "failed" | "missed";
                            report_id: string | null;
                            reason: string | null;
                        }[];
                    };
                };
            };
        };
    };
    scheduleFramework: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
                framework: "soc2" | "gdpr_ropa" | "dora" | "eu_ai_act";
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {unknown} */
                    cadence: "monthly" | "quarterly";
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {unknown} */
                        framework: "soc2" | "gdpr_ropa" | "dora" | "eu_ai_act";
                        /** @enum {unknown} */
                        cadence: "monthly" | "quarterly";
                        /** Format: date-time */
                        next_due_at: string;
                        /** Format: date-time */
                        created_at: string;
                    };
                };
            };
        };
    };
    unscheduleFramework: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
                framework: "soc2" | "gdpr_ropa" | "dora" | "eu_ai_act";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    listSubscriptions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        subscriptions: {
                            /** @enum {unknown} */
                            framework: "soc2" | "gdpr_ropa" | "dora" | "eu_ai_act";
                            name: string;
                            enabled: boolean;
                            /** @description Of a subscription that is on, the price that it began with */
                            monthly_price_eur: number;
                            subscribed_at: string | null;
                            cancelled_at: string | null;
                        }[];
                    };
                };
            };
        };
    };
    subscribe: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
                framework: "soc2" | "gdpr_ropa" | "dora" | "eu_ai_act";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {unknown} */
                        framework: "soc2" | "gdpr_ropa" | "dora" | "eu_ai_act";
                        name: string;
                        enabled: boolean;
                        /** @description Of a subscription that is on, the price that it began with */
                        monthly_price_eur: number;
                        subscribed_at: string | null;
                        cancelled_at: string | null;
                    };
                };
            };
        };
    };
    unsubscribe: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orgId: string;
                framework: "soc2" | "gdpr_ropa" | "dora" | "eu_ai_act";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {unknown} */
                        framework: "soc2" | "gdpr_ropa" | "dora" | "eu_ai_act";
                        name: string;
                        enabled: boolean;
                        /** @description Of a subscription that is on, the price that it began with */
                        monthly_price_eur: number;
                        subscribed_at: string | null;
                        cancelled_at: string | null;
                    };
                };
            };
        };
    };
    readCharges: {
        parameters: {
            query?: {
                /** @description Calendar month, UTC, such as 2026-11; the current one unless given */
                month?: string;
            };
            header?: never;
            path: {
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        month: string;
                        /** @description Whether the month is over and nothing of it changes any more */
                        closed: boolean;
                        /** @enum {string} */
                        currency: "EUR";
                        total_eur: number;
                        items: {
                            /** @enum {unknown} */
                            framework: "soc2" | "gdpr_ropa" | "dora" | "eu_ai_act";
                            name: string;
                            /** Format: date */
                            first_day: string;
                            /** Format: date */
                            last_day: string;
                            days: number;
                            days_in_month: number;
                            monthly_price_eur: number;
                            amount_eur: number;
                        }[];
                        /** @description What Stripe said last of each subscription, whatever the month; empty without Stripe */
                        payments: {
                            /** @enum {unknown} */
                            framework: "soc2" | "gdpr_ropa" | "dora" | "eu_ai_act";
                            /** @enum {unknown} */
                            state: "paid" | "failed";
                            invoice_id: string;
                            /** Format: date-time */
                            at: string;
                        }[];
                    };
                };
            };
        };
    };
}
