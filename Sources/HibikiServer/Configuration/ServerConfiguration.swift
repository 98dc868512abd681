// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiMessaging
public import HibikiSQL
public import HibikiTransports

/// Everything that can be set about a server. The defaults are safe for a machine of one's own.
public struct ServerConfiguration: Sendable {
    /// The address to listen on. Default 127.0.0.1: this machine only.
    public var host = "127.0.0.1"
    /// The port; 0 takes a free one. Default 8080.
    public var port = 8080
    /// Event loops; 0 means one for each core. Default 0.
    public var threads = 0
    /// Anonymous clients may do nothing. Default off: they may use topics under `public/`.
    public var isProduction = false
    /// Whether `/` is the demo page. Default on, and off in production.
    public var hasDemo = true
    /// With a certificate the port speaks TLS, and nothing else. Default none.
    public var certificate = CertificateFiles()
    /// Who checks tokens. `nil`, the default, takes none: everybody is anonymous.
    public var authenticator: (any Authenticator)?
    /// Which tokens are taken; read where the server is started, by ``TokenConfiguration/makeAuthenticator(dataFolder:logger:)``.
    public var tokens = TokenConfiguration()
    /// Which API keys are taken.
    public var keys = KeyConfiguration()
    /// Whether people whom nobody knows may have an id. Default off.
    public var guests = GuestConfiguration()
    /// The chat. Default off; the command has it on.
    public var chat = ChatConfiguration()
    /// Documents that several people edit at once. Default off; the command has them on.
    public var documents = DocumentsConfiguration()
    /// Who may do what; `nil`, the default, for ``HibikiMessaging/PermissionRule/development``, or in production
    /// ``HibikiMessaging/PermissionRule/production``.
    public var permissions: [PermissionRule]?
    /// Who is asked about what no rule allows. Default nobody.
    public var authorizer: (any Authorizer)?
    /// The service that is asked, for ``HTTPAuthorizer``. Empty, the default, for none.
    public var authorizationURL = ""
    public var authorization = HTTPAuthorizer.Configuration()
    /// How long a connection may take to show a token, in production. Default 10 s.
    public var timeToAuthenticate: Duration = .seconds(10)
    /// How long a client has got to replace a token that runs out. Default 25 s.
    public var timeToRefresh: Duration = .seconds(25)
    /// What clients may do in a time.
    public var budgets = BudgetConfiguration()
    /// Whether that is limited at all. Default on.
    public var hasBudgets = true
    public var transport = TransportConfiguration()
    public var retention = LogRetention()
    public var slowReaders = SlowReaderRules()
    /// Above so many connections `/health` says `degraded`, with 503. Default 10,000.
    public var healthyConnections = 10_000
    /// Who may read `/metrics`. Default: this machine.
    public var metrics = MetricsAccess.local
    /// Where traces go; read where the server is started, by ``TracingConfiguration/makeTracer(version:logger:)``.
    public var tracing = TracingConfiguration()
    /// The dashboard. Default off.
    public var admin = AdminConfiguration()
    /// How long a shutdown waits for connections. Default 30 s.
    public var drain: Duration = .seconds(30)
    /// How long clients are asked to stay away after a shutdown: what a restart takes. Default 5 s.
    public var reconnectDelay: Duration = .seconds(5)
    /// How many clients are asked to come back in a second after a shutdown. Default 1,000.
    public var reconnectsPerSecond = 1_000
    /// Whether clients of Socket.IO that come back get what they have missed. For the server that the command makes; a program
    /// that brings its own sets `connectionStateRecovery` there. Default off, because every event gets one more argument.
    public var recoversSockets = false
    /// The folder for what is to outlive a restart; made with mode 0700 if it is not there. Default empty: nothing is kept.
    public var data = ""
    /// Where rooms, messages and all else that is to last are kept. Default: in the data folder, and without one in memory.
    public var store = StoreConfiguration.automatic
    /// How much is asked of PostgreSQL at once.
    public var storeLimits = StoreLimits()
    /// Files that clients upload.
    public var uploads = UploadsConfiguration()

    public init() {}

    /// The rules that hold.
    public var rules: [PermissionRule] {
        self.permissions ?? (self.isProduction ? PermissionRule.production : PermissionRule.development)
    }

    var effectiveBudgets: BudgetConfiguration { self.hasBudgets ? self.budgets : .off }

    /// Without a way to check tokens nobody can be asked for one, and where a rule is for anyone, nobody has to be.
    func access(_ keys: APIKeys, guests: Guests?) -> AccessControl {
        let takesTokens = self.authenticator != nil || !keys.isEmpty || guests != nil
        var access = AccessControl(
            permissions: Permissions(self.rules),
            authenticator: takesTokens
                ? KeyedAuthenticator(keys: keys, guests: guests, tokens: self.authenticator) : nil)
        access.requiresToken =
            self.isProduction && takesTokens && !self.rules.contains { $0.holder == .anyone }
        access.authorizer = self.authorizer
        access.cookie = self.tokens.cookie.isEmpty ? nil : self.tokens.cookie
        access.timeToAuthenticate = self.timeToAuthenticate
        access.timeToRefresh = self.timeToRefresh
        return access
    }
}
