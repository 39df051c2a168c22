// A shop takes orders and sends webhooks; a warehouse receives them. Two hosts, two SQLite files, real TCP between them.
using QuickStart;

var serve = args.Contains("--serve");
using var folder = new StoryFolder(keep: serve);
var story = new Story(folder);
var fault = Fault.From(args);
var secret = WebhookSecret.Generate().Reveal();
var warehouseUrl = SampleHost.FreeUrl();

await using var shop = await Shop.StartAsync(folder.File("shop.db"), warehouseUrl, secret, fault);

// 1. The order and its webhook are one transaction: both are in the database, or neither is.
var paid = await shop.PlaceOrderAsync("A-1001", total: 42.50m);
story.Tell("An order and its webhook were committed together",
    await shop.CountOrdersAsync() == 1 && await shop.CountMessagesAsync() == 1,
    $"shop.db: 1 order, 1 message {paid}");

// 2. Nobody listens yet. The attempt fails, is recorded, and the message stays due.
var failed = await shop.WaitForAttemptAsync(paid, number: 1);
story.Tell("The warehouse was down: attempt 1 failed",
    failed is { Outcome: not AttemptOutcome.Succeeded },
    $"shop.db: attempt 1 {failed?.Outcome}");

// 3. The warehouse starts, and the retry reaches it.
await using var warehouse = await Warehouse.StartAsync(folder.File("warehouse.db"), warehouseUrl, secret, fault);
var delivery = await shop.WaitForDeliveryAsync(paid);
story.Tell("The warehouse started, and a retry succeeded",
    delivery is { Status: DeliveryStatus.Succeeded, Attempts: >= 2 },
    $"shop.db: {delivery?.Status} at attempt {delivery?.Attempts}");

// 4. It verified the signature over the exact bytes, and handled the message once.
var parcels = await warehouse.GetParcelsAsync();
var payload = await shop.GetPayloadAsync(paid);
story.Tell("The warehouse verified it and handled it once, byte for byte",
    parcels is [{ Order: "A-1001" } parcel] && parcel.Payload.AsSpan().SequenceEqual(payload),
    $"warehouse.db: {parcels.Count} parcel, {payload.Length} bytes as in shop.db");

// 5. A rolled-back order sends nothing. The order after it proves that the dispatcher has passed the spot.
await shop.PlaceAndRollBackOrderAsync("A-1002", total: 7m);
var next = await shop.WaitForDeliveryAsync(await shop.PlaceOrderAsync("A-1003", total: 12m));
parcels = await warehouse.GetParcelsAsync();
story.Tell("An order that was rolled back sent nothing; the next one arrived",
    next is { Status: DeliveryStatus.Succeeded } && parcels.Select(p => p.Order).SequenceEqual(["A-1001", "A-1003"])
        && await shop.CountMessagesAsync() == 2,
    $"shop.db: {await shop.CountMessagesAsync()} messages, warehouse.db: {string.Join(" and ", parcels.Select(p => p.Order))}");

// 6. A sender that lost the answer sends the message again. It is answered 2xx and not handled twice.
var before = parcels.Count;
var duplicate = await Courier.SendAsync(warehouse.WebhookUrl, paid, payload, secret);
parcels = await warehouse.GetParcelsAsync();
story.Tell("The same message sent again was ignored",
    duplicate == 200 && parcels.Count == before,
    $"HTTP {duplicate}, warehouse.db: {parcels.Count} parcels, as before");

// 7. Somebody without the secret makes up an order.
before = parcels.Count;
var forgery = """{"type":"order.paid","timestamp":"2026-01-01T00:00:00.000Z","data":{"order":"FORGED","total":0}}"""u8.ToArray();
var forged = await Courier.SendAsync(warehouse.WebhookUrl, "msg_forged", forgery, WebhookSecret.Generate().Reveal());
parcels = await warehouse.GetParcelsAsync();
story.Tell("A forged request was refused",
    forged == 401 && parcels.Count == before,
    $"HTTP {forged}, warehouse.db: {parcels.Count} parcels, as before");

if (serve)
{
    await story.ServeAsync(shop.Url, warehouse.Url);
}

return story.End();
