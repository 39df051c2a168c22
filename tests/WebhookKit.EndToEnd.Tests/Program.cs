using WebhookKit.EndToEnd.Tests.Hosting;

return args is [ShopProcess.Command, var settings] ? await ShopProcess.RunAsync(settings) : 2;
