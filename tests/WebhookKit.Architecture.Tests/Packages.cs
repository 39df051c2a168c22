using System.Reflection;

namespace WebhookKit.Architecture.Tests;

/// <summary>One package of the family and what it is allowed to be.</summary>
/// <param name="Name">The package, project and assembly name.</param>
/// <param name="Projects">Packages it may reference.</param>
/// <param name="References">Other packages and frameworks it may reference.</param>
/// <param name="Concepts">Folders it may have.</param>
/// <param name="LogEvents">Its block of log event ids, or none.</param>
/// <param name="IsTool">Whether it is a program that is installed, not a library that is referenced.</param>
internal sealed record Package(
    string Name, string[] Projects, string[] References, string[] Concepts, Range? LogEvents, bool IsTool = false)
{
    public Assembly Assembly => Assembly.Load(Name);
}

/// <summary>The family. A new package, arrow or folder is a decision and starts here.</summary>
internal static class Packages
{
    private const string Core = "WebhookKit";
    private const string AspNetCoreFramework = "Microsoft.AspNetCore.App";

    public static IReadOnlyList<Package> All { get; } =
    [
        new(Core, [],
            [
                "Microsoft.Extensions.Configuration.Abstractions", "Microsoft.Extensions.DependencyInjection.Abstractions",
                "Microsoft.Extensions.Hosting.Abstractions", "Microsoft.Extensions.Logging.Abstractions",
                "Microsoft.Extensions.Options", "Microsoft.Extensions.Primitives",
            ],
            [
                "Messages", "Rendering", "Identifiers", "EventTypes", "Publishing", "Secrets", "Signing", "Signing/Ed25519", "Signing/Schemes", "Verification", "Verification/Providers",
                "Verification/Providers/Catalogue", "Verification/Providers/Rules", "Verification/Providers/PublicKeys",
                "Verification/Providers/Forms", "Verification/Providers/JsonBodies", "Verification/Providers/Tokens",
                "Verification/Providers/Certificates", "Verification/Providers/FetchedKeys", "Verification/Providers/Canonical",
                "Handshakes", "NetworkSafety", "Retry", "Idempotency", "Endpoints", "Endpoints/Authorization", "Deliveries", "Outbox", "Inbox",
                "Subscriptions", "Retention", "Erasure", "Diagnostics", "DependencyInjection",
            ],
            1000..1099),
        new("WebhookKit.Sender", [Core], ["Microsoft.Extensions.Diagnostics.HealthChecks", "Microsoft.Extensions.Hosting.Abstractions", "Polly.Core"],
            ["Publishing", "Dispatch", "Sending", "Sending/ClientCertificates", "Rendering", "Endpoints", "Endpoints/Registry", "Endpoints/Authorization", "EndpointHealth", "Health", "Redelivery", "Retention", "DependencyInjection"],
            2000..2199),
        new("WebhookKit.AspNetCore", [Core], [AspNetCoreFramework],
            ["Routing", "Sources", "Receiving", "Inbox", "Handshakes", "Handlers", "DependencyInjection"],
            3000..3199),
        new("WebhookKit.EntityFrameworkCore", [Core], ["Microsoft.EntityFrameworkCore.Relational"],
            [
                "Publishing", "Outbox", "Inbox", "Endpoints", "Deliveries", "Idempotency", "Handshakes", "Retention", "Erasure", "Model", "Dialects",
                "DependencyInjection",
            ],
            4000..4199),
        new("WebhookKit.PostgreSql", [Core], ["Npgsql"],
            ["WakeUp", "DependencyInjection"],
            6000..6099),
        new("WebhookKit.InMemory", [Core], [],
            ["Publishing", "Outbox", "Inbox", "Endpoints", "Deliveries", "Idempotency", "Handshakes", "Retention", "Erasure", "DependencyInjection"],
            5000..5099),
        new("WebhookKit.DataProtection", [Core], [AspNetCoreFramework],
            ["Secrets", "DependencyInjection"],
            null),
        new("WebhookKit.Testing", [Core, "WebhookKit.Sender", "WebhookKit.InMemory"], [AspNetCoreFramework],
            ["Time", "Receivers", "Requests", "Vectors"],
            null),
        new("WebhookKit.Cli", [Core, "WebhookKit.Testing"], [AspNetCoreFramework, "Spectre.Console", "System.CommandLine"],
            ["Input", "Signing", "Verification", "Secrets", "Listening"],
            null,
            IsTool: true),
    ];

    public static IEnumerable<Package> Libraries => All.Where(package => !package.IsTool);

    public static TheoryData<string> LibraryNames => [.. Libraries.Select(package => package.Name)];

    public static TheoryData<string> Names => [.. All.Select(package => package.Name)];

    public static Package Get(string name) => All.Single(package => package.Name == name);
}
