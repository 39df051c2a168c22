// A billing platform lets its tenants make endpoints of their own, and sends each what it subscribes to.
using MultiTenantSender;

var fault = args is ["--fault", var name] ? name : "none";
using var folder = new StoryFolder();
var story = new Story();

await using var customers = await Customers.StartAsync();
await using var platform = await Platform.StartAsync(folder, customers, fault);

// 1. Endpoints that people make: two tenants, event-type patterns, a filter on the payload.
var billing = await platform.CreateEndpointAsync("acme", "acme-billing", ["invoice.*"],
    filter: fault == "filter-missing" ? null : """{"data":{"total":{"$gte":100}}}""");
var archive = await platform.CreateEndpointAsync("acme", "acme-archive", ["*"]);
var ledger = await platform.CreateEndpointAsync("globex", "globex-ledger", ["invoice.paid"]);
story.Tell("Two tenants made three endpoints; their secrets are not to be read in the database",
    billing.IsDone && archive.IsDone && ledger.IsDone && await platform.ProtectsAsync(customers.Secrets),
    $"platform.db: none of {customers.Secrets.Count} secrets can be read there");

// 2. Each gets what it wants, of its own tenant alone.
await platform.PublishAsync("acme", new InvoiceDrafted("A-1", 500m));
await platform.PublishAsync("acme", new InvoicePaid("A-2", 42m));
await platform.PublishAsync("acme", new UserInvited("ann@acme.example"));
await platform.PublishAsync(fault == "tenant-mixed" ? "acme" : "globex", new InvoicePaid("G-1", 7m));
await platform.PublishAsync("globex", new UserInvited("bob@globex.example"));
await platform.SettleAsync();
story.Tell("Every endpoint got what its patterns and its filter want, and nothing of the other tenant",
    customers.Got("acme-billing", "A-1") && customers.Got("acme-archive", "A-1", "A-2", "ann@acme.example") && customers.Got("globex-ledger", "G-1"),
    $"billing: {customers.Received("acme-billing")}; archive: {customers.Received("acme-archive")}; ledger: {customers.Received("globex-ledger")}");

// 3. A secret is rotated while messages flow. The customer takes the new one over later: no request is refused.
await platform.PublishManyAsync("globex", from: 100, count: 100);
var rotated = await platform.RotateAsync(ledger.Endpoint!.Id, overlap: fault == "no-overlap" ? TimeSpan.Zero : TimeSpan.FromHours(24));
await platform.PublishManyAsync("globex", from: 200, count: 100);
await platform.SettleAsync();
customers.TakeOver("globex-ledger", rotated.ReceiverSecret!);
await platform.PublishManyAsync("globex", from: 300, count: 100);
await platform.SettleAsync();
var (old, both) = customers.SignaturesAt("globex-ledger");
story.Tell("A secret was rotated under traffic: every request verified with the secret its receiver knew at the time",
    customers.Refused("globex-ledger") == 0 && customers.CountOf("globex-ledger") == 301 && both >= 100 && old + both == 301,
    $"301 requests, {customers.Refused("globex-ledger")} refused; {old} signed with the old secret alone, {both} with both");

// 4. One endpoint is gone for good: it answers 410, is disabled at once, and the platform's operators are told.
customers.Leave("acme-archive", status: fault == "gone-unsaid" ? 404 : 410);
await platform.PublishAsync("acme", new InvoicePaid("A-3", 300m));
await platform.SettleAsync();
var told = customers.Find("operations", "webhooks.endpoint.disabled");
var left = await platform.FindEndpointAsync(archive.Endpoint!.Id);
story.Tell("An endpoint answered 410: it was disabled, and its operational event arrived",
    left is { Status: EndpointStatus.Disabled, StatusReason: EndpointStatusReason.Gone }
        && told is not null && told.Contains($"{archive.Endpoint.Id}", StringComparison.Ordinal),
    $"archive: {left?.Status} ({left?.StatusReason}); operations: {told ?? "nothing"}");

// 5. It gets nothing more, and what it would have got is kept for the day it is enabled again.
var before = customers.CountOf("acme-archive");
var unsent = await platform.PublishAsync("acme", new InvoicePaid("A-4", 400m));
await platform.SettleAsync();
var skipped = await platform.CountSkippedAsync(unsent);
story.Tell("The disabled endpoint got nothing more; its tenant's other endpoint did",
    customers.CountOf("acme-archive") == before && customers.Got("acme-billing", "A-1", "A-3", "A-4") && skipped == 1,
    $"billing: {customers.Received("acme-billing")}; skipped deliveries of the last message: {skipped}");

return story.End();
