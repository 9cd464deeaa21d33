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
        /** Sign in with e-mail and password */
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
        /** Who this credential is, in which organizations, with which role */
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
        /** Change your password; ends all your sessions */
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
        /** Accept an invitation: set a password, or join with the one you have */
        post: operations["acceptInvitation"];
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
                    current_password: string;
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
                    password: string;
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
                /** @description Only events with a higher sequence */
                after_sequence?: number;
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
}
