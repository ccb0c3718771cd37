// Made from /openapi.json by scripts/api-types.mjs.

export interface paths {
    "/api/channels": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Which pages are connected, and when they were last heard of. */
        get: operations["listChannels"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/console-logins": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A code with which the console logs in once, as whoever made it. */
        post: operations["createConsoleLogin"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/conversations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Conversations, the newest activity first. */
        get: operations["listConversations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/conversations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A conversation as it stands. */
        get: operations["getConversation"];
        put?: never;
        post?: never;
        /** Forget a customer: all data, in all places. */
        delete: operations["deleteConversation"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/conversations/{id}/bot": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Silence the bot in a conversation, or hand it back.
         * @description As a tool it lets an assistant hand the customer over to a person: enabled = false.
         */
        put: operations["setBot"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/conversations/{id}/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A conversation and everything that was said in it, as far as the history goes back. */
        get: operations["exportConversation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/conversations/{id}/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was said, oldest first: the newest messages, or those before or after a seq. */
        get: operations["listMessages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/conversations/{id}/messages/{seq}/feedback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say what you think of a message of ours; Dify is told where it made it. */
        post: operations["giveFeedback"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/conversations/{id}/state": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Close a conversation, or open it again. */
        put: operations["setConversationState"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/dead-letters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What could not be sent, and why; limit counts conversations. */
        get: operations["listDeadLetters"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/dead-letters/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Let it go. */
        delete: operations["discardDeadLetter"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/dead-letters/{id}/redrive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send it after all. */
        post: operations["redriveDeadLetter"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/dead-letters/redrive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send all of them after all, or those of one page. */
        post: operations["redriveDeadLetters"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/live-tickets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A ticket with which a browser may open the WebSocket. */
        post: operations["createLiveTicket"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/mark-bot-response": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say that the bot is about to answer, and learn whether it may.
         * @description Raises a bot flag: the echo that comes next in this conversation is the bot’s. Call it before each answer that is sent outside of the router, and go on only if proceed is true. The parameters may also stand in a JSON or form body.
         */
        post: operations["markBotResponse"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was said in all conversations, newest first. */
        get: operations["listRecentMessages"];
        put?: never;
        /**
         * Have the router send a message to the customer.
         * @description In parts where it is long, at the channel’s rate, with retries. Give either text or attachment. Nothing is sent, and the status is cancelled, where the bot may not speak because a person has the conversation.
         */
        post: operations["sendMessage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sent-messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Report a message that another program has sent.
         * @description Its echo is then recognised, and not taken for a person’s. Give text, message_id, or both; or attachment.
         */
        post: operations["reportSentMessage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/console": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The operators’ page. */
        get: operations["openConsole"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/console/{file}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A file of the operators’ page. */
        get: operations["getConsoleFile"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/console/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The API token for a code of createConsoleLogin, sent as the bearer; it is used up by it. */
        post: operations["useConsoleLogin"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Is the process alive? */
        get: operations["getHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Can it take work? */
        get: operations["getReadiness"];
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
        /** Everything that is counted, for Prometheus. */
        get: operations["getMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This document. */
        get: operations["getOpenApi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhook": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Meta’s handshake, when the callback URL is set. */
        get: operations["verifyWebhook"];
        put?: never;
        /**
         * Meta delivers what happened.
         * @description Answered 200 only after everything in it is recorded. 1 MiB at most.
         */
        post: operations["receiveWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ws": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A WebSocket: everything that happens, as it happens.
         * @description Frames are JSON texts: chat_message, message_status, conversation_status, gap.
         */
        get: operations["watchLive"];
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
    schemas: {
        /** Channel */
        Channel: {
            bot_pause_seconds: number | null;
            connected: boolean | null;
            id: string;
            last_echo_at: string | null;
            last_error: {
                at: string | null;
                code: string;
            } | null;
            last_inbound_at: string | null;
            last_sent_at: string | null;
            /** @enum {unknown} */
            mode: "on" | "off" | "test";
            name: string | null;
            /** @enum {unknown} */
            platform: "instagram" | "facebook";
            token_expires_at: string | null;
        };
        /**
         * Conversation
         * @example {
         *       "id": "1001-2001",
         *       "page_id": "1001",
         *       "user_id": "2001",
         *       "platform": "instagram",
         *       "state": "open",
         *       "bot": {
         *         "enabled": false,
         *         "paused_at": "2026-01-01T00:00:00.000Z",
         *         "paused_until": "2026-01-01T06:00:00.000Z",
         *         "reason": "human_echo",
         *         "note": null
         *       },
         *       "flags": 0,
         *       "waiting": 0,
         *       "customer": {
         *         "id": "2001",
         *         "name": null,
         *         "username": null,
         *         "profile_pic": null
         *       },
         *       "created_at": "2026-01-01T00:00:00.000Z",
         *       "last_message_at": "2026-01-01T00:00:00.000Z"
         *     }
         */
        Conversation: {
            bot: {
                /** @description False while the bot is paused; mode and hours are another matter. */
                enabled: boolean;
                note: string | null;
                paused_at: string | null;
                paused_until: string | null;
                reason: ("human_echo" | "support_message" | "api" | "customer_request" | "assistant_failed" | "handover" | "assistant") | null;
            };
            created_at: string | null;
            customer: {
                id: string;
                name: string | null;
                profile_pic: string | null;
                username: string | null;
            };
            /** @description Live bot flags. */
            flags: number;
            /**
             * @description The conversation: the page’s id, a hyphen, the customer’s id.
             * @example 1001-2001
             */
            id: string;
            last_message_at: string | null;
            page_id: string;
            /** @enum {unknown} */
            platform: "instagram" | "facebook";
            /** @enum {unknown} */
            state: "open" | "closed";
            user_id: string;
            /** @description Customer’s messages that wait to be asked. */
            waiting: number;
        };
        /** DeadLetter */
        DeadLetter: {
            at: string | null;
            /** @description Meta’s own. */
            code: string;
            /**
             * @description The conversation: the page’s id, a hyphen, the customer’s id.
             * @example 1001-2001
             */
            conversation_id: string;
            id: string;
            message: components["schemas"]["Message"];
            messages: components["schemas"]["Message"][];
            /** @enum {unknown} */
            reason: "window_closed" | "thread_not_ours" | "channel_unusable" | "refused" | "attempts_exhausted" | "unknown_outcome";
        };
        /**
         * Failure
         * @description Every answer that is no success.
         */
        Failure: {
            /**
             * @description For programs.
             * @enum {unknown}
             */
            code: "unauthorized" | "forbidden" | "invalid_signature" | "invalid_payload" | "payload_too_large" | "wrong_verify_token" | "bad_request" | "invalid_request" | "invalid_conversation_id" | "not_found" | "unknown_channel" | "method_not_allowed" | "unsupported_media_type" | "rate_limited" | "idempotency_conflict" | "conflict" | "store_unavailable" | "store_full" | "overloaded" | "draining" | "internal_error";
            /**
             * @description For people: what to do.
             * @example No channel has this page id; check the settings.
             */
            message: string;
            /** @constant */
            status: "error";
        };
        /** ListedConversation */
        ListedConversation: {
            bot: {
                /** @description False while the bot is paused; mode and hours are another matter. */
                enabled: boolean;
                note: string | null;
                paused_at: string | null;
                paused_until: string | null;
                reason: ("human_echo" | "support_message" | "api" | "customer_request" | "assistant_failed" | "handover" | "assistant") | null;
            };
            created_at: string | null;
            customer: {
                id: string;
                name: string | null;
                profile_pic: string | null;
                username: string | null;
            };
            /** @description Live bot flags. */
            flags: number;
            /**
             * @description The conversation: the page’s id, a hyphen, the customer’s id.
             * @example 1001-2001
             */
            id: string;
            last_message: {
                content: string | null;
                created_at: string | null;
                /** @enum {unknown} */
                type: "customer" | "support" | "AI" | "marketing" | "automation";
            } | null;
            last_message_at: string | null;
            page_id: string;
            /** @enum {unknown} */
            platform: "instagram" | "facebook";
            /** @enum {unknown} */
            state: "open" | "closed";
            user_id: string;
            /** @description Customer’s messages that wait to be asked. */
            waiting: number;
        };
        /** Message */
        Message: {
            attachments: {
                title: string | null;
                type: string;
                url: string | null;
            }[];
            content: string | null;
            /**
             * @description The conversation: the page’s id, a hyphen, the customer’s id.
             * @example 1001-2001
             */
            conversation_id: string;
            created_at: string | null;
            customer: {
                id: string;
                name: string | null;
                profile_pic: string | null;
                username: string | null;
            };
            deleted_at: string | null;
            edited_at: string | null;
            evidence: string | null;
            external_message_id: string | null;
            feedback: ("positive" | "negative") | null;
            feedback_at: string | null;
            feedback_comment: string | null;
            id: string;
            is_ai_response: boolean;
            is_answered: boolean;
            media_url: string | null;
            /** @enum {unknown} */
            message_type: "text" | "image" | "voice" | "video" | "file" | "share" | "sticker" | "story" | "postback" | "location" | "template" | "other";
            payload: string | null;
            /**
             * @description How far the router is with asking a customer’s message, or with sending one of ours.
             * @enum {unknown}
             */
            processing_status: "pending" | "processing" | "completed" | "skipped" | "failed";
            reactions: {
                by: string;
                emoji: string | null;
            }[];
            read_at: string | null;
            reason: string | null;
            reply_to: string | null;
            sent_from_app: boolean;
            /** @description Counts 1, 2, 3 … within the conversation. */
            seq: number;
            share_id: string | null;
            source: string;
            /** @enum {unknown} */
            status: "received" | "processed" | "skipped" | "queued" | "sending" | "sent" | "cancelled" | "failed" | "unknown";
            transcription: string | null;
            /** @enum {unknown} */
            type: "customer" | "support" | "AI" | "marketing" | "automation";
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    listChannels: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All channels of the settings. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        channels: components["schemas"]["Channel"][];
                    };
                };
            };
            /** @description The token is missing or wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description This token may not do it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Another method than there is here; Allow names those that there are. */
            405: {
                headers: {
                    /** @description The methods that there are. */
                    Allow?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Too many requests; Retry-After says when to try again. */
            429: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Something broke; the log has it under the X-Request-Id of this answer. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The store is out of reach or full; Retry-After says when to try again. */
            503: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    createConsoleLogin: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description For the address `/console#login=…`: good once, for an hour. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        login: string;
                    };
                };
            };
            /** @description The body is not JSON. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The token is missing or wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description This token may not do it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Another method than there is here; Allow names those that there are. */
            405: {
                headers: {
                    /** @description The methods that there are. */
                    Allow?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The body is larger than 256 KiB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Too many requests; Retry-After says when to try again. */
            429: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Something broke; the log has it under the X-Request-Id of this answer. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The store is out of reach or full; Retry-After says when to try again. */
            503: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    listConversations: {
        parameters: {
            query?: {
                /** @description Only those whose bot is so. */
                bot?: "paused" | "on";
                /** @description The next_cursor of the page before. */
                cursor?: string;
                /** @description Only those with dead letters, or without. */
                dead?: "true" | "false";
                /** @description 50 by default, 500 at most. */
                limit?: number;
                /** @description Only those of the page with this id. */
                page?: string;
                /** @description What a name (or a word of it), a username, the customer’s id or the conversation’s begins with. */
                q?: string;
                /** @description Only those that are so. */
                state?: "open" | "closed";
                /** @description Only those with messages that wait to be asked, or without. */
                waiting?: "true" | "false";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        conversations: components["schemas"]["ListedConversation"][];
                        next_cursor: string | null;
                    };
                };
            };
            /** @description A parameter is not as it should be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The token is missing or wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description This token may not do it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Another method than there is here; Allow names those that there are. */
            405: {
                headers: {
                    /** @description The methods that there are. */
                    Allow?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Too many requests; Retry-After says when to try again. */
            429: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Something broke; the log has it under the X-Request-Id of this answer. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The store is out of reach or full; Retry-After says when to try again. */
            503: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    getConversation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The conversation: the page’s id, a hyphen, the customer’s id.
                 * @example 1001-2001
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The conversation. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "1001-2001",
                     *       "page_id": "1001",
                     *       "user_id": "2001",
                     *       "platform": "instagram",
                     *       "state": "open",
                     *       "bot": {
                     *         "enabled": false,
                     *         "paused_at": "2026-01-01T00:00:00.000Z",
                     *         "paused_until": "2026-01-01T06:00:00.000Z",
                     *         "reason": "human_echo",
                     *         "note": null
                     *       },
                     *       "flags": 0,
                     *       "waiting": 0,
                     *       "customer": {
                     *         "id": "2001",
                     *         "name": null,
                     *         "username": null,
                     *         "profile_pic": null
                     *       },
                     *       "created_at": "2026-01-01T00:00:00.000Z",
                     *       "last_message_at": "2026-01-01T00:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Conversation"];
                };
            };
            /** @description The id or a parameter is not as it should be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The token is missing or wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description This token may not do it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description No channel has this page, or nothing is known of this conversation. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Another method than there is here; Allow names those that there are. */
            405: {
                headers: {
                    /** @description The methods that there are. */
                    Allow?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Too many requests; Retry-After says when to try again. */
            429: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Something broke; the log has it under the X-Request-Id of this answer. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The store is out of reach or full; Retry-After says when to try again. */
            503: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    deleteConversation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The conversation: the page’s id, a hyphen, the customer’s id.
                 * @example 1001-2001
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Nothing is known any more. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The id or a parameter is not as it should be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The token is missing or wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description This token may not do it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description No channel has this page. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Another method than there is here; Allow names those that there are. */
            405: {
                headers: {
                    /** @description The methods that there are. */
                    Allow?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Too many requests; Retry-After says when to try again. */
            429: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Something broke; the log has it under the X-Request-Id of this answer. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The store is out of reach or full; Retry-After says when to try again. */
            503: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    setBot: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The conversation: the page’s id, a hyphen, the customer’s id.
                 * @example 1001-2001
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "enabled": false,
                 *       "for": "2h",
                 *       "reason": "waiting for the warehouse"
                 *     }
                 */
                "application/json": {
                    /** @description false: a person takes over, the bot is silent. true: it is handed back. */
                    enabled: boolean;
                    /** @description How long the bot is silent, such as 2h. Leave it out, rather than empty, for: until it is handed back. */
                    for?: string;
                    /** @description A note to yourselves. */
                    reason?: string;
                };
            };
        };
        responses: {
            /** @description The conversation. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "1001-2001",
                     *       "page_id": "1001",
                     *       "user_id": "2001",
                     *       "platform": "instagram",
                     *       "state": "open",
                     *       "bot": {
                     *         "enabled": false,
                     *         "paused_at": "2026-01-01T00:00:00.000Z",
                     *         "paused_until": "2026-01-01T06:00:00.000Z",
                     *         "reason": "human_echo",
                     *         "note": null
                     *       },
                     *       "flags": 0,
                     *       "waiting": 0,
                     *       "customer": {
                     *         "id": "2001",
                     *         "name": null,
                     *         "username": null,
                     *         "profile_pic": null
                     *       },
                     *       "created_at": "2026-01-01T00:00:00.000Z",
                     *       "last_message_at": "2026-01-01T00:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Conversation"];
                };
            };
            /** @description The id or a parameter is not as it should be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The token is missing or wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description This token may not do it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description No channel has this page, or nothing is known of this conversation. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Another method than there is here; Allow names those that there are. */
            405: {
                headers: {
                    /** @description The methods that there are. */
                    Allow?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The body is larger than 256 KiB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Too many requests; Retry-After says when to try again. */
            429: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Something broke; the log has it under the X-Request-Id of this answer. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The store is out of reach or full; Retry-After says when to try again. */
            503: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    exportConversation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The conversation: the page’s id, a hyphen, the customer’s id.
                 * @example 1001-2001
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The whole thread, oldest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        conversation: components["schemas"]["Conversation"];
                        messages: components["schemas"]["Message"][];
                    };
                };
            };
            /** @description The id is not as it should be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The token is missing or wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description This token may not do it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description No channel has this page, or nothing is known of this conversation. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Another method than there is here; Allow names those that there are. */
            405: {
                headers: {
                    /** @description The methods that there are. */
                    Allow?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Too many requests; Retry-After says when to try again. */
            429: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Something broke; the log has it under the X-Request-Id of this answer. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The store is out of reach or full; Retry-After says when to try again. */
            503: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    listMessages: {
        parameters: {
            query?: {
                /** @description Messages after the one with this seq. */
                after?: number;
                /** @description Messages before the one with this seq. */
                before?: number;
                /** @description 50 by default, 500 at most. */
                limit?: number;
            };
            header?: never;
            path: {
                /**
                 * @description The conversation: the page’s id, a hyphen, the customer’s id.
                 * @example 1001-2001
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of messages. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        messages: components["schemas"]["Message"][];
                    };
                };
            };
            /** @description The id or a parameter is not as it should be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The token is missing or wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description This token may not do it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description No channel has this page, or nothing is known of this conversation. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Another method than there is here; Allow names those that there are. */
            405: {
                headers: {
                    /** @description The methods that there are. */
                    Allow?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Too many requests; Retry-After says when to try again. */
            429: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Something broke; the log has it under the X-Request-Id of this answer. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The store is out of reach or full; Retry-After says when to try again. */
            503: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    giveFeedback: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The conversation: the page’s id, a hyphen, the customer’s id.
                 * @example 1001-2001
                 */
                id: string;
                /** @description The message’s. */
                seq: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "feedback": "negative",
                 *       "comment": "We do deliver there"
                 *     }
                 */
                "application/json": {
                    /** @description Why; kept with the message. */
                    comment?: string;
                    /**
                     * @description Null takes it back.
                     * @enum {string}
                     */
                    feedback: "positive" | "negative";
                };
            };
        };
        responses: {
            /** @description The message. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Message"];
                };
            };
            /** @description The id or the body is not as it should be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The token is missing or wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description This token may not do it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description No channel has this page, or there is no such message of ours (any more). */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Another method than there is here; Allow names those that there are. */
            405: {
                headers: {
                    /** @description The methods that there are. */
                    Allow?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The body is larger than 256 KiB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Too many requests; Retry-After says when to try again. */
            429: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Something broke; the log has it under the X-Request-Id of this answer. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The store is out of reach or full; Retry-After says when to try again. */
            503: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    setConversationState: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The conversation: the page’s id, a hyphen, the customer’s id.
                 * @example 1001-2001
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "state": "closed"
                 *     }
                 */
                "application/json": {
                    /**
                     * @description A closed conversation is not answered, until the customer comes back to it.
                     * @enum {string}
                     */
                    state: "open" | "closed";
                };
            };
        };
        responses: {
            /** @description The conversation. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "1001-2001",
                     *       "page_id": "1001",
                     *       "user_id": "2001",
                     *       "platform": "instagram",
                     *       "state": "open",
                     *       "bot": {
                     *         "enabled": false,
                     *         "paused_at": "2026-01-01T00:00:00.000Z",
                     *         "paused_until": "2026-01-01T06:00:00.000Z",
                     *         "reason": "human_echo",
                     *         "note": null
                     *       },
                     *       "flags": 0,
                     *       "waiting": 0,
                     *       "customer": {
                     *         "id": "2001",
                     *         "name": null,
                     *         "username": null,
                     *         "profile_pic": null
                     *       },
                     *       "created_at": "2026-01-01T00:00:00.000Z",
                     *       "last_message_at": "2026-01-01T00:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Conversation"];
                };
            };
            /** @description The id or a parameter is not as it should be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The token is missing or wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description This token may not do it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description No channel has this page, or nothing is known of this conversation. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Another method than there is here; Allow names those that there are. */
            405: {
                headers: {
                    /** @description The methods that there are. */
                    Allow?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The body is larger than 256 KiB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Too many requests; Retry-After says when to try again. */
            429: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Something broke; the log has it under the X-Request-Id of this answer. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The store is out of reach or full; Retry-After says when to try again. */
            503: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    listDeadLetters: {
        parameters: {
            query?: {
                /** @description The next_cursor of the page before. */
                cursor?: string;
                /** @description 50 by default, 500 at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page, by conversation. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        dead_letters: components["schemas"]["DeadLetter"][];
                        next_cursor: string | null;
                    };
                };
            };
            /** @description A parameter is not as it should be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The token is missing or wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description This token may not do it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Another method than there is here; Allow names those that there are. */
            405: {
                headers: {
                    /** @description The methods that there are. */
                    Allow?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Too many requests; Retry-After says when to try again. */
            429: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Something broke; the log has it under the X-Request-Id of this answer. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The store is out of reach or full; Retry-After says when to try again. */
            503: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    discardDeadLetter: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The dead letter’s. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The token is missing or wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description This token may not do it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description There is no such dead letter (any more). */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Another method than there is here; Allow names those that there are. */
            405: {
                headers: {
                    /** @description The methods that there are. */
                    Allow?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Too many requests; Retry-After says when to try again. */
            429: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Something broke; the log has it under the X-Request-Id of this answer. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The store is out of reach or full; Retry-After says when to try again. */
            503: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    redriveDeadLetter: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The dead letter’s. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It will be sent. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string;
                        /** @enum {string} */
                        status: "queued";
                    };
                };
            };
            /** @description The body is not JSON. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The token is missing or wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description This token may not do it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description There is no such dead letter (any more). */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Another method than there is here; Allow names those that there are. */
            405: {
                headers: {
                    /** @description The methods that there are. */
                    Allow?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The body is larger than 256 KiB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Too many requests; Retry-After says when to try again. */
            429: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Something broke; the log has it under the X-Request-Id of this answer. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The store is out of reach or full; Retry-After says when to try again. */
            503: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    redriveDeadLetters: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description A page’s id. */
                    page?: string;
                };
            };
        };
        responses: {
            /** @description They will be sent. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description There are more than 10000: call it again. */
                        more: boolean;
                        redriven: number;
                    };
                };
            };
            /** @description The body is not as it should be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The token is missing or wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description This token may not do it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description No channel has this page. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Another method than there is here; Allow names those that there are. */
            405: {
                headers: {
                    /** @description The methods that there are. */
                    Allow?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The body is larger than 256 KiB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Too many requests; Retry-After says when to try again. */
            429: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Something broke; the log has it under the X-Request-Id of this answer. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The store is out of reach or full; Retry-After says when to try again. */
            503: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    createLiveTicket: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good once, for 30 seconds. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        ticket: string;
                    };
                };
            };
            /** @description The body is not JSON. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The token is missing or wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description This token may not do it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Another method than there is here; Allow names those that there are. */
            405: {
                headers: {
                    /** @description The methods that there are. */
                    Allow?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The body is larger than 256 KiB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Too many requests; Retry-After says when to try again. */
            429: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Something broke; the log has it under the X-Request-Id of this answer. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The store is out of reach or full; Retry-After says when to try again. */
            503: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    markBotResponse: {
        parameters: {
            query: {
                /**
                 * @description The conversation: the page’s id, a hyphen, the customer’s id.
                 * @example 1001-2001
                 */
                conversation_id: string;
                /** @description How many echoes; 0 withdraws all. */
                count?: number;
                /** @description Raises no flag where proceed is false: for workflows that obey it. */
                only_if_on?: boolean;
                /** @description Only an echo with this text uses the flag. */
                text?: string;
                /** @description How long the flag is good, such as 90s; FLAG_TTL by default. */
                ttl?: string;
            };
            header?: {
                /**
                 * @description The same call under the same key acts once. Leave it empty, or give what is different for each run, such as a workflow’s run id: an invented word would be taken for a repetition.
                 * @example 6b0e1f6c-9d0f-4f6e-8a51-0c2f5a1f7f10
                 */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "success",
                     *       "conversation_id": "1001-2001",
                     *       "message": "Bot flag set",
                     *       "flag": "set",
                     *       "proceed": true
                     *     }
                     */
                    "application/json": {
                        /**
                         * @description The conversation: the page’s id, a hyphen, the customer’s id.
                         * @example 1001-2001
                         */
                        conversation_id: string;
                        /** @description set; retry: the same mark was made a moment ago; withheld: only_if_on, and the bot may not answer; withdrawn; not_needed: a run of the router’s own is under way, whose answer it sends and recognises. */
                        flag: "set" | "retry" | "withheld" | "withdrawn" | "not_needed";
                        message: string;
                        /** @description False: a person has this conversation, or the bot is off. Do not answer. */
                        proceed: boolean;
                        /** @enum {string} */
                        status: "success";
                    };
                };
            };
            /** @description A parameter is not as it should be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The token is missing or wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description This token may not do it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description No channel has this page. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Another method than there is here; Allow names those that there are. */
            405: {
                headers: {
                    /** @description The methods that there are. */
                    Allow?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The body is larger than 256 KiB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Too many requests; Retry-After says when to try again. */
            429: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Something broke; the log has it under the X-Request-Id of this answer. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The store is out of reach or full; Retry-After says when to try again. */
            503: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    listRecentMessages: {
        parameters: {
            query?: {
                /** @description The next_cursor of the page before. */
                cursor?: string;
                /** @description 50 by default, 500 at most. */
                limit?: number;
                /** @description Only those recorded within this time, such as 15m. */
                since?: string;
                /** @description Only those with this source, such as Workflow. */
                source?: string;
                /** @description Only those of this type. */
                type?: "customer" | "support" | "AI" | "marketing" | "automation";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of messages. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        messages: components["schemas"]["Message"][];
                        next_cursor: string | null;
                    };
                };
            };
            /** @description A parameter is not as it should be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The token is missing or wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description This token may not do it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Another method than there is here; Allow names those that there are. */
            405: {
                headers: {
                    /** @description The methods that there are. */
                    Allow?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Too many requests; Retry-After says when to try again. */
            429: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Something broke; the log has it under the X-Request-Id of this answer. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The store is out of reach or full; Retry-After says when to try again. */
            503: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    sendMessage: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The same call under the same key acts once. Leave it empty, or give what is different for each run, such as a workflow’s run id: an invented word would be taken for a repetition.
                 * @example 6b0e1f6c-9d0f-4f6e-8a51-0c2f5a1f7f10
                 */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "conversation_id": "1001-2001",
                 *       "text": "Your order has left."
                 *     }
                 */
                "application/json": {
                    /** @description A file by its address, instead of text, as JSON: {"type": "image", "url": "https://…"}. */
                    attachment?: {
                        /** @enum {string} */
                        type: "image" | "voice" | "audio" | "video" | "file";
                        url: string;
                    };
                    /**
                     * @description Who speaks: AI by default; support is a person and silences the bot.
                     * @enum {string}
                     */
                    author?: "AI" | "support" | "marketing";
                    /**
                     * @description The conversation: the page’s id, a hyphen, the customer’s id.
                     * @example 1001-2001
                     */
                    conversation_id: string;
                    /** @description Choices below the text; what is tapped comes back as the customer’s message. */
                    quick_replies?: string[];
                    /** @description A word for the log and the history, such as Workflow; api where it is left out. */
                    source?: string;
                    /** @description Meta’s message tag. */
                    tag?: string;
                    /** @description What the customer is to read. */
                    text?: string;
                } & {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description The bot may not speak here: recorded, and not sent. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "cancelled",
                     *       "reason": "bot_paused",
                     *       "conversation_id": "1001-2001",
                     *       "message": {
                     *         "id": "1001-2001-mi7x8k2a-7"
                     *       }
                     *     }
                     */
                    "application/json": {
                        /**
                         * @description The conversation: the page’s id, a hyphen, the customer’s id.
                         * @example 1001-2001
                         */
                        conversation_id: string;
                        message: {
                            /** @description As the history has it. */
                            id: string;
                        };
                        /** @description Such as bot_paused. */
                        reason: string;
                        /** @enum {string} */
                        status: "cancelled";
                    };
                };
            };
            /** @description It will be sent. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "queued",
                     *       "conversation_id": "1001-2001",
                     *       "message": {
                     *         "id": "1001-2001-mi7x8k2a-7"
                     *       }
                     *     }
                     */
                    "application/json": {
                        /**
                         * @description The conversation: the page’s id, a hyphen, the customer’s id.
                         * @example 1001-2001
                         */
                        conversation_id: string;
                        message: {
                            /** @description As the history has it. */
                            id: string;
                        };
                        /** @enum {string} */
                        status: "queued";
                    };
                };
            };
            /** @description The body is not as it should be, or the channel has no token. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The token is missing or wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description This token may not do it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description No channel has this page. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Another method than there is here; Allow names those that there are. */
            405: {
                headers: {
                    /** @description The methods that there are. */
                    Allow?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The Idempotency-Key was used for another message. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The body is larger than 256 KiB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Too many requests; Retry-After says when to try again. */
            429: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Something broke; the log has it under the X-Request-Id of this answer. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The store is out of reach or full; Retry-After says when to try again. */
            503: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    reportSentMessage: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The same call under the same key acts once. Leave it empty, or give what is different for each run, such as a workflow’s run id: an invented word would be taken for a repetition.
                 * @example 6b0e1f6c-9d0f-4f6e-8a51-0c2f5a1f7f10
                 */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "conversation_id": "1001-2001",
                 *       "text": "Your parcel is on its way",
                 *       "author": "marketing"
                 *     }
                 */
                "application/json": {
                    /** @description What was sent, where it was a file, as JSON: {"type": "image", "url": "https://…"}. */
                    attachment?: {
                        /** @enum {string} */
                        type: "image" | "voice" | "audio" | "video" | "file" | "share" | "sticker" | "template" | "location" | "other";
                        url?: string;
                    };
                    /**
                     * @description Who spoke: AI by default; support is a person and silences the bot.
                     * @enum {string}
                     */
                    author?: "AI" | "support" | "marketing";
                    /**
                     * @description The conversation: the page’s id, a hyphen, the customer’s id.
                     * @example 1001-2001
                     */
                    conversation_id: string;
                    /** @description As Meta’s Send API answered it. */
                    message_id?: string;
                    /** @description A word for the log and the history, such as Workflow; api where it is left out. */
                    source?: string;
                    /** @description What was sent. */
                    text?: string;
                } & {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description It is in the history. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "success",
                     *       "conversation_id": "1001-2001",
                     *       "matched": false
                     *     }
                     */
                    "application/json": {
                        /**
                         * @description The conversation: the page’s id, a hyphen, the customer’s id.
                         * @example 1001-2001
                         */
                        conversation_id: string;
                        /** @description Its echo had come already. */
                        matched: boolean;
                        /** @enum {string} */
                        status: "success";
                    };
                };
            };
            /** @description The body is not as it should be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The token is missing or wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description This token may not do it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description No channel has this page. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Another method than there is here; Allow names those that there are. */
            405: {
                headers: {
                    /** @description The methods that there are. */
                    Allow?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The body is larger than 256 KiB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Too many requests; Retry-After says when to try again. */
            429: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Something broke; the log has it under the X-Request-Id of this answer. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The store is out of reach or full; Retry-After says when to try again. */
            503: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    openConsole: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description Another method than there is here; Allow names those that there are. */
            405: {
                headers: {
                    /** @description The methods that there are. */
                    Allow?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Something broke; the log has it under the X-Request-Id of this answer. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    getConsoleFile: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The file’s name, with the hash of its content in it. */
                file: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "*/*": string;
                };
            };
            /** @description There is no such file (any more). */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description Another method than there is here; Allow names those that there are. */
            405: {
                headers: {
                    /** @description The methods that there are. */
                    Allow?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Something broke; the log has it under the X-Request-Id of this answer. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    useConsoleLogin: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The token. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        token: string;
                    };
                };
            };
            /** @description The code was used before, is older than an hour, or was never given. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Another method than there is here; Allow names those that there are. */
            405: {
                headers: {
                    /** @description The methods that there are. */
                    Allow?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Too many wrong codes from this address; Retry-After says when to try again. */
            429: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Something broke; the log has it under the X-Request-Id of this answer. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The store is out of reach; Retry-After says when to try again. */
            503: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    getHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is; nothing else was looked at. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        status: "ok";
                        uptime_seconds: number;
                        version: string;
                    };
                };
            };
            /** @description Another method than there is here; Allow names those that there are. */
            405: {
                headers: {
                    /** @description The methods that there are. */
                    Allow?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Something broke; the log has it under the X-Request-Id of this answer. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    getReadiness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It can. */
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
            /** @description Another method than there is here; Allow names those that there are. */
            405: {
                headers: {
                    /** @description The methods that there are. */
                    Allow?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Something broke; the log has it under the X-Request-Id of this answer. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description It cannot: store_unavailable, store_full or draining. */
            503: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    getMetrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Its text format. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description The token is missing or wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description This token may not do it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Another method than there is here; Allow names those that there are. */
            405: {
                headers: {
                    /** @description The methods that there are. */
                    Allow?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Too many requests; Retry-After says when to try again. */
            429: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Something broke; the log has it under the X-Request-Id of this answer. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The store is out of reach or full; Retry-After says when to try again. */
            503: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    getOpenApi: {
        parameters: {
            query?: {
                /** @description Only what has this tag: dify for what an assistant may call. */
                for?: "dify" | "conversations" | "dead-letters" | "channels" | "live" | "operating" | "meta";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OpenAPI 3.1. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        openapi: string;
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description Another method than there is here; Allow names those that there are. */
            405: {
                headers: {
                    /** @description The methods that there are. */
                    Allow?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Something broke; the log has it under the X-Request-Id of this answer. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    verifyWebhook: {
        parameters: {
            query: {
                /** @description Comes back as it is. */
                "hub.challenge": string;
                /** @description The only one there is. */
                "hub.mode": "subscribe";
                /** @description META_VERIFY_TOKEN. */
                "hub.verify_token": string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The challenge. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description A parameter is missing. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The verify token is wrong. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Another method than there is here; Allow names those that there are. */
            405: {
                headers: {
                    /** @description The methods that there are. */
                    Allow?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Something broke; the log has it under the X-Request-Id of this answer. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    receiveWebhook: {
        parameters: {
            query?: never;
            header: {
                /** @description sha256= and the HMAC of the raw body. */
                "x-hub-signature-256": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description What happened, by account, as Meta sends it. */
                    entry: {
                        id: string;
                    }[];
                    /**
                     * @description The platform.
                     * @enum {string}
                     */
                    object: "instagram" | "page";
                };
            };
        };
        responses: {
            /** @description Recorded. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            channel: {
                                id: string;
                                owner: {
                                    email: string;
                                    id: string;
                                } | null;
                                username: string | null;
                            };
                            conversation: {
                                id: string;
                                source: string;
                                was_created: boolean;
                            };
                            customer: {
                                /** @description Meta has told who the customer is. */
                                enhanced_data_fetched: boolean;
                                first_name: string | null;
                                id: string;
                                instagram_id: string | null;
                                last_name: string | null;
                                source: string;
                                was_created: boolean;
                            };
                            message: {
                                content: string | null;
                                id: string | null;
                                message_type: string;
                                /** Format: date-time */
                                timestamp: string;
                                type: string | null;
                            };
                            /** @enum {unknown} */
                            message_direction: "customer_to_owner" | "owner_to_customer";
                        } | null;
                        /** @description Everything in it was known. */
                        duplicate: boolean;
                        message: string;
                        /** @description A row for each item, in order. */
                        results: {
                            author: ("customer" | "bot" | "human" | "automation") | null;
                            conversation_id: string | null;
                            event: string;
                            evidence: string | null;
                            /** @enum {unknown} */
                            outcome: "accepted" | "duplicate" | "ignored";
                            reason: string | null;
                        }[];
                        /** @enum {string} */
                        status: "success";
                    };
                };
            };
            /** @description This is no delivery of Meta’s. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The signature does not fit. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Another method than there is here; Allow names those that there are. */
            405: {
                headers: {
                    /** @description The methods that there are. */
                    Allow?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description More than 1 MiB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Too many wrong signatures from this address. */
            429: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Something broke; the log has it under the X-Request-Id of this answer. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The store cannot take it: deliver it again. */
            503: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    watchLive: {
        parameters: {
            query?: {
                /** @description The id of the last frame you have: what you missed comes first. */
                after?: string;
                /**
                 * @description This conversation alone; without it all of them.
                 * @example 1001-2001
                 */
                conversation_id?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The WebSocket is open. */
            101: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A parameter is not as it should be, or this is no WebSocket. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The token is missing or wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description This token may not do it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description No channel has this page. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Another method than there is here; Allow names those that there are. */
            405: {
                headers: {
                    /** @description The methods that there are. */
                    Allow?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Too many requests; Retry-After says when to try again. */
            429: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description Something broke; the log has it under the X-Request-Id of this answer. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The store is out of reach or full; Retry-After says when to try again. */
            503: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
}
