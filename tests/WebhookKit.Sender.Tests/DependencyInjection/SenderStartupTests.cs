using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using WebhookKit.Endpoints;
using WebhookKit.Rendering;
using WebhookKit.Signing;

namespace WebhookKit.Sender.Tests.DependencyInjection;

public sealed class SenderStartupTests
{
    private static readonly string Secret = WebhookSecret.Generate().Reveal();

    [Fact]
    public async Task StartAsync_ManyErrors_AreReportedTogetherEachWithItsCure()
    {
        var errors = await StartErrorsAsync(sender => sender
            .Configure(options =>
            {
                options.MaxInFlight = 0;
                options.AttemptTimeout = TimeSpan.Zero;
                options.MaxKeptResponseBytes = 9_000;
                options.Proxy = new Uri("socks5://me:hidden@proxy.example:1080");
            })
            .AddEndpoint("no-secret", "https://a.example/", endpoint => endpoint.EventTypes.Add("*"))
            .AddEndpoint("short-secret", "https://b.example/", endpoint =>
            {
                endpoint.EventTypes.Add("*");
                endpoint.Secrets.Add("whsec_c2hvcnQ=");
            })
            .AddEndpoint("insecure", "http://c.example/", Valid)
            .AddEndpoint("internal", "https://10.1.2.3/", Valid)
            .AddEndpoint("deaf", "https://d.example/", endpoint => endpoint.Secrets.Add(Secret))
            .AddEndpoint("garbled", "https://e.example/", endpoint =>
            {
                Valid(endpoint);
                endpoint.EventTypes.Add("order*");
            })
            .AddEndpoint("choosy", "https://h.example/", endpoint =>
            {
                Valid(endpoint);
                endpoint.Filter = """{"data":{"amount":{"$above":100}}}""";
            })
            .AddEndpoint("twice", "https://f.example/", Valid)
            .AddEndpoint("TWICE", "https://g.example/", Valid));

        Assert.Collection(
            errors,
            error => Assert.Contains("no store", error, StringComparison.Ordinal),
            error => Assert.Contains("AttemptTimeout is 00:00:00", error, StringComparison.Ordinal),
            error => Assert.Contains("MaxInFlight is 0", error, StringComparison.Ordinal),
            error => Assert.Contains("MaxKeptResponseBytes is 9000", error, StringComparison.Ordinal),
            error =>
            {
                Assert.Contains("SenderOptions.Proxy", error, StringComparison.Ordinal);
                Assert.DoesNotContain("hidden", error, StringComparison.Ordinal);
            },
            error => Assert.Contains("'twice' is declared more than once", error, StringComparison.Ordinal),
            error =>
            {
                Assert.Contains("Webhooks:Sender:Endpoints:no-secret:Secrets", error, StringComparison.Ordinal);
                Assert.Contains("dotnet user-secrets set", error, StringComparison.Ordinal);
            },
            error =>
            {
                Assert.Contains("Webhooks:Sender:Endpoints:short-secret:Secrets:0", error, StringComparison.Ordinal);
                Assert.DoesNotContain("c2hvcnQ", error, StringComparison.Ordinal);
            },
            error => Assert.Contains("AllowInsecureEndpoints", error, StringComparison.Ordinal),
            error => Assert.Contains("https://10.1.2.3/", error, StringComparison.Ordinal),
            error => Assert.Contains("'deaf' subscribes to nothing", error, StringComparison.Ordinal),
            error => Assert.Contains("'order*'", error, StringComparison.Ordinal),
            error => Assert.Contains("'choosy' has a filter that cannot be read. The filter's $.data.amount.$above is no operator", error, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("https://user:hunter2@a.example/")]
    [InlineData("ftp://a.example/?token=hunter2")]
    public async Task StartAsync_BadUrl_IsQuotedWithoutWhatMayBeSecret(string url)
    {
        var errors = await StartErrorsAsync(sender => sender.AddEndpoint("leaky", url, Valid));

        Assert.Contains(errors, error => error.Contains("'leaky'", StringComparison.Ordinal));
        Assert.DoesNotContain(errors, error => error.Contains("hunter2", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("10.20.0.0", "'10.20.0.0' is no network")]
    [InlineData("internal", "'internal' is no network")]
    [InlineData("169.254.0.0/16", "name a public, private")]
    public void AllowNetwork_NotPossible_SaysWhatIs(string network, string error) =>
        Assert.Contains(
            error,
            Assert.Throws<ArgumentException>(() => new SenderOptions().AllowNetwork(network)).Message,
            StringComparison.Ordinal);

    [Fact]
    public async Task StartAsync_EndpointsWithinAllowedNetworks_AreNoErrors()
    {
        var errors = await StartErrorsAsync(sender => sender
            .Configure(options =>
            {
                options.AllowNetwork("10.20.0.0/16", 8443);
                options.AllowNat64("64:ff9b::/96");
            })
            .AddEndpoint("inside", "https://10.20.1.1:8443/", Valid)
            .AddEndpoint("translated", "https://[64:ff9b::8.8.8.8]/", Valid)
            .AddEndpoint("outside", "https://10.21.1.1:8443/", Valid)
            .AddEndpoint("elsewhere", "https://10.20.1.1/", Valid));

        Assert.Collection(
            errors,
            error => Assert.Contains("no store", error, StringComparison.Ordinal),
            error => Assert.Contains("'outside'", error, StringComparison.Ordinal),
            error => Assert.Contains("'elsewhere'", error, StringComparison.Ordinal));
    }

    [Fact]
    public async Task StartAsync_PublishOnlyNode_NeedsNoSecrets()
    {
        var errors = await StartErrorsAsync(sender => sender
            .DisableDispatcher()
            .AddEndpoint("no-secret", "https://a.example/", endpoint => endpoint.EventTypes.Add("*")));

        Assert.Contains("no store", Assert.Single(errors), StringComparison.Ordinal);
    }

    [Fact]
    public void DeclaredEndpoints_ConfigurationAlone_DeclaresAnEndpoint()
    {
        var endpoint = Assert.Single(Declare(_ => { }, new()
        {
            ["Webhooks:Sender:Endpoints:warehouse:Url"] = "https://warehouse.example/hooks",
            ["Webhooks:Sender:Endpoints:warehouse:TenantId"] = "acme",
            ["Webhooks:Sender:Endpoints:warehouse:EventTypes:0"] = "order.*",
            ["Webhooks:Sender:Endpoints:warehouse:Secrets:0"] = Secret,
        }).All);

        Assert.Equal(EndpointId.Declared("acme", "warehouse"), endpoint.Id);
        Assert.Equal("https://warehouse.example/hooks", endpoint.Url);
        Assert.Equal(["order.*"], endpoint.EventTypes);
    }

    [Fact]
    public void DeclaredEndpoints_ConfigurationBesideCode_ReplacesWhatItNames()
    {
        var newer = WebhookSecret.Generate().Reveal();
        var declared = Declare(
            sender => sender.AddEndpoint("Warehouse", "https://code.example/", endpoint =>
            {
                Valid(endpoint);
                endpoint.TenantId = "acme";
            }),
            new()
            {
                ["Webhooks:Sender:Endpoints:warehouse:Url"] = "https://configured.example/",
                ["Webhooks:Sender:Endpoints:warehouse:Secrets:0"] = newer,
                ["Webhooks:Sender:Endpoints:warehouse:Secrets:1"] = Secret,
            });

        var endpoint = Assert.Single(declared.All);
        Assert.Equal("https://configured.example/", endpoint.Url);
        Assert.Equal(("acme", "Warehouse"), (endpoint.TenantId, endpoint.Name));
        Assert.Equal(["*"], endpoint.EventTypes);
        Assert.Equal([newer, Secret], declared.Signing[endpoint.Id].Secrets);
    }

    [Theory]
    [InlineData(AuthorizationKind.Basic, "UserName=user;Password=pass")]
    [InlineData(AuthorizationKind.Bearer, "Token=token")]
    [InlineData(AuthorizationKind.ApiKey, "Header=X-Key;Key=key")]
    [InlineData(
        AuthorizationKind.ClientCredentials,
        "TokenUrl=https://login.example/token;ClientId=client;ClientSecret=secret;Scope=a b;Audience=all;SendsSecretInBody=true")]
    public void DeclaredEndpoints_ConfiguredAuthorization_IsRead(AuthorizationKind kind, string values)
    {
        EndpointAuthorization[] expected =
        [
            EndpointAuthorization.Basic("user", "pass"),
            EndpointAuthorization.Bearer("token"),
            EndpointAuthorization.ApiKey("X-Key", "key"),
            EndpointAuthorization.ClientCredentials("https://login.example/token", "client", "secret") with
            {
                Scope = "a b", Audience = "all", SendsSecretInBody = true,
            },
        ];

        var declared = Declare(sender => sender.AddEndpoint("warehouse", "https://a.example/", Valid), Authorization($"Type={kind};{values}"));

        Assert.Empty(declared.Errors);
        Assert.Equal(expected.Single(authorization => authorization.Kind == kind), Assert.Single(declared.Signing).Value.Authorization);
    }

    [Theory]
    [InlineData("Type=Kerberos")]
    [InlineData("Type=None")]
    [InlineData("Token=hunter2")]
    [InlineData("Type=Bearer;Token=hunter2 hunter2")]
    [InlineData("Type=Basic;Password=hunter2")]
    [InlineData("Type=Bearer;Token=whenc_hunter2")]
    public async Task StartAsync_ConfiguredAuthorizationThatCannotBeUsed_IsAnErrorThatNamesItAndNothingSecret(string values)
    {
        var errors = await StartErrorsAsync(sender => sender.AddEndpoint("warehouse", "https://a.example/", Valid), Authorization(values));

        Assert.Contains("no store", errors[0], StringComparison.Ordinal);
        var error = Assert.Single(errors.Skip(1));
        Assert.Contains("Webhooks:Sender:Endpoints:warehouse:Authorization", error, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("hunter2", error, StringComparison.Ordinal);
    }

    [Fact]
    public void DeclaredEndpoints_ConfiguredClientCertificateAndPayloadFormat_AreItsPolicys()
    {
        var declared = Declare(
            sender => sender.AddEndpoint("warehouse", "https://a.example/", endpoint =>
            {
                Valid(endpoint);
                endpoint.Policy = new EndpointPolicy { MaxInFlight = 2, ClientCertificate = "another" };
                endpoint.Rate = EndpointRate.PerSecond(5);
            }).AddPayloadFormat(PayloadFormats.CloudEvents("/shop")),
            new()
            {
                ["Webhooks:Sender:Endpoints:warehouse:ClientCertificate"] = "bank",
                ["Webhooks:Sender:Endpoints:warehouse:PayloadFormat"] = "CloudEvents",
                ["Webhooks:Sender:ClientCertificates:Bank:Path"] = "bank.pem",
            });

        var endpoint = Assert.Single(declared.All);
        Assert.Equal(
            new EndpointPolicy { MaxInFlight = 2, ClientCertificate = "bank", PayloadFormat = "CloudEvents", Rate = EndpointRate.PerSecond(5) },
            endpoint.Policy);
        Assert.Equal(EndpointRate.PerSecond(5), endpoint.Rate);
    }

    [Fact]
    public async Task StartAsync_PolicyThatContradictsOrNamesWhatNobodyKnows_IsAnError()
    {
        var errors = await StartErrorsAsync(sender => sender
            .AddEndpoint("unknown", "https://a.example/", endpoint =>
            {
                Valid(endpoint);
                endpoint.Policy = new EndpointPolicy { ClientCertificate = "bank" };
            })
            .AddEndpoint("twofold", "https://b.example/", endpoint =>
            {
                Valid(endpoint);
                endpoint.Rate = EndpointRate.PerSecond(5);
                endpoint.Policy = new EndpointPolicy { Rate = EndpointRate.PerSecond(6) };
            })
            .AddEndpoint("idle", "https://c.example/", endpoint =>
            {
                Valid(endpoint);
                endpoint.Policy = new EndpointPolicy { Rate = default(EndpointRate) };
            }));

        Assert.Collection(
            errors,
            error => Assert.Contains("no store", error, StringComparison.Ordinal),
            error => Assert.Contains("Webhooks:Sender:ClientCertificates:bank", error, StringComparison.Ordinal),
            error => Assert.Contains("the rate 6/s, and the declaration itself 5/s", error, StringComparison.Ordinal),
            error => Assert.Contains("The rate has no requests", error, StringComparison.Ordinal));
    }

    private static Dictionary<string, string?> Authorization(string values) => values.Split(';').Select(value => value.Split('=', 2))
        .ToDictionary(value => $"Webhooks:Sender:Endpoints:warehouse:Authorization:{value[0]}", string? (value) => value[1]);

    [Fact]
    public void DeclaredEndpoints_ConfiguredScheme_ReplacesTheDeclaredOneUnlessItIsTheHostsOwn()
    {
        var own = new SignatureScheme { Name = "own", ValidateSecret = _ => null, CreateSigner = _ => throw new NotSupportedException() };
        var declared = Declare(
            sender => sender
                .AddEndpoint("catalogue", "https://a.example/", Valid)
                .AddEndpoint("own", "https://b.example/", endpoint =>
                {
                    Valid(endpoint);
                    endpoint.SignatureScheme = own;
                }),
            new()
            {
                ["Webhooks:Sender:Endpoints:catalogue:SignatureScheme"] = "Stripe",
                ["Webhooks:Sender:Endpoints:catalogue:SignatureHeaderPrefix"] = "Acme",
                ["Webhooks:Sender:Endpoints:own:SignatureScheme"] = "own",
            });

        EndpointSigning Signing(string name) => declared.Signing[EndpointId.Declared(null, name)];
        Assert.Equal((SignatureSchemes.Stripe, "Acme"), (Signing("catalogue").Scheme, Signing("catalogue").HeaderPrefix));
        Assert.Equal((own, "webhook"), (Signing("own").Scheme, Signing("own").HeaderPrefix));
    }

    [Fact]
    public void DeclaredEndpoints_RegisteredTwice_CountOnce()
    {
        void Add(SenderBuilder sender) => sender.AddEndpoint("warehouse", "https://warehouse.example/", Valid);

        Assert.Single(Declare(sender =>
        {
            Add(sender);
            Add(sender);
        }, []).All);
    }

    [Fact]
    public async Task StartAsync_SigningThatCannotBe_NamesTheCure()
    {
        var errors = await StartErrorsAsync(
            sender => sender
                .AddEndpoint("two-for-hub", "https://a.example/", endpoint =>
                {
                    endpoint.SignatureScheme = SignatureSchemes.Hub;
                    endpoint.EventTypes.Add("*");
                    endpoint.Secrets.Add("a secret of enough characters");
                    endpoint.Secrets.Add("another secret of enough characters");
                })
                .AddEndpoint("prefix", "https://b.example/", endpoint =>
                {
                    Valid(endpoint);
                    endpoint.SignatureHeaderPrefix = "acme: x";
                })
                .AddEndpoint("public", "https://c.example/", endpoint =>
                {
                    endpoint.EventTypes.Add("*");
                    endpoint.Secrets.Add(WebhookSigningKey.Generate().VerificationKey.ToString());
                })
                .AddEndpoint("scheme", "https://d.example/", Valid),
            new() { ["Webhooks:Sender:Endpoints:scheme:SignatureScheme"] = "md5" });

        Assert.Collection(
            errors.Skip(1),
            error => Assert.Contains("SignatureScheme is 'md5'. Set it to one of: 'standard-webhooks', 'svix', 'stripe', 'hub'", error, StringComparison.Ordinal),
            error => Assert.Contains("Keep at most 1 under Webhooks:Sender:Endpoints:two-for-hub:Secrets", error, StringComparison.Ordinal),
            error => Assert.Contains("'acme: x'", error, StringComparison.Ordinal),
            error => Assert.Contains("'whsk_'", error, StringComparison.Ordinal));
    }

    [Fact]
    public async Task StartAsync_PolicyOutOfBounds_IsReportedWithTheOptionToRaise()
    {
        var errors = await StartErrorsAsync(
            sender => sender.AddEndpoint("late", "https://a.example/", endpoint =>
            {
                Valid(endpoint);
                endpoint.Policy = new EndpointPolicy { AttemptTimeout = TimeSpan.FromMinutes(1), MaxInFlight = 0, SignatureScheme = "stripe" };
            }));

        string[] expected = ["SenderOptions.AttemptTimeout", "SenderOptions.MaxInFlightPerEndpoint", "SignatureScheme or SignatureHeaderPrefix"];
        foreach (var cure in expected)
        {
            var error = Assert.Single(errors, error => error.Contains(cure, StringComparison.Ordinal));
            Assert.StartsWith("The endpoint 'late' has a policy that cannot be used. ", error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task StartAsync_RegistryWithoutStore_ReportsTheStore() =>
        Assert.Contains("no store", Assert.Single(await StartErrorsAsync(sender => sender.AddEndpointRegistry())), StringComparison.Ordinal);

    private static void Valid(EndpointDeclaration endpoint)
    {
        endpoint.EventTypes.Add("*");
        endpoint.Secrets.Add(Secret);
    }

    private static DeclaredEndpoints Declare(Action<SenderBuilder> build, Dictionary<string, string?> configuration)
    {
        var services = new ServiceCollection().AddLogging();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(configuration).Build());
        services.AddWebhooks().AddSender(build);
        using var provider = services.BuildServiceProvider();
        var declared = provider.GetRequiredService<DeclaredEndpoints>();
        Assert.Empty(declared.Errors);
        return declared;
    }

    // As in development, where the host validates its services before any start-up check runs.
    private static async Task<IReadOnlyList<string>> StartErrorsAsync(
        Action<SenderBuilder> build, Dictionary<string, string?>? configuration = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = "Development" });
        builder.ConfigureContainer(new DefaultServiceProviderFactory(
            new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true }));
        builder.Configuration.AddInMemoryCollection(configuration ?? []);
        builder.Services.AddWebhooks().AddSender(build);
        using var host = builder.Build();
        return (await Assert.ThrowsAsync<WebhookConfigurationException>(() => host.StartAsync())).Errors;
    }
}
