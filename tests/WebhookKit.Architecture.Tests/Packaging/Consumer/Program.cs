using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using WebhookKit;
using WebhookKit.Signing;
using WebhookKit.Verification;

// A throw-away application that knows the packages only by their names.
#region sign-and-verify
var secret = WebhookSecret.Generate();
var payload = """{"type":"order.paid"}"""u8.ToArray();

using var signer = new StandardWebhooksSigner([secret]);
var headers = await signer.SignAsync(new("msg_1", TimeProvider.System.GetUtcNow(), payload), CancellationToken.None);

using var verifier = new StandardWebhooksVerifier([secret], TimeSpan.FromMinutes(5), TimeProvider.System);
var result = await verifier.VerifyAsync(new("POST", url: null, WebhookHeaders.Create(headers), payload));
if (!result.IsVerified)
{
    throw new InvalidOperationException($"Our own signature was refused: {result.Status}.");
}
#endregion

var services = new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(new ConfigurationManager());
#region in-memory
services.AddWebhooks()
    .AddSender(sender => sender.AddEventType<OrderPaid>("order.paid"))
    .UseInMemoryStore();
#endregion
await using (var provider = services.BuildServiceProvider())
{
    await provider.GetRequiredService<IWebhookPublisher>().PublishAsync(new OrderPaid("A-1001"));
}

// Reading every type finds a dependency that a package forgot to name.
var packages = Directory.EnumerateFiles(AppContext.BaseDirectory, "WebhookKit*.dll")
    .Select(Assembly.LoadFrom)
    .Where(assembly => assembly.GetTypes().Length >= 0)
    .Select(assembly => assembly.GetName().Name)
    .Order(StringComparer.Ordinal);
Console.WriteLine($"consumed {string.Join(' ', packages)}");

internal sealed record OrderPaid(string Order);
