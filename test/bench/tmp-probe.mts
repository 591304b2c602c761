import { mkdirSync, rmSync } from 'node:fs';
import { createRouterClient } from '@orpc/server';
import { v7 } from 'uuid';
import { openReplica } from '../../replica/main.ts';
import { fromDocument } from '../../replica/database/transaction-document.ts';
const dir='/tmp/rsv/data100k';
const N=100000, DAY=86400000;
if (process.argv[2]==='fill'){ rmSync(dir,{recursive:true,force:true}); mkdirSync(dir,{recursive:true});
 const r=await openReplica({dataDir:dir}); const c=createRouterClient(r.router,{context:{}});
 const {workspaceId}=await c.workspaces.create({platform:'miro',plan:'enterprise',seats:{member:1000},anchor:'2026-01-01',timeZone:'UTC',members:Array.from({length:50},(_,i)=>({id:`member-${i}`,name:`Member ${i}`,role:'member'}))});
 const now=r.state.clock(), start=now-90*DAY; const ws=r.state.workspace(workspaceId);
 for(let f=0;f<N;f+=5000){const b:any[]=[];for(let i=f;i<f+5000;i++){const at:any=Math.floor(start+(now-start)*i/N);b.push({kind:'usage',id:v7(),workspaceId,poolId:r.state.poolOf(ws,null,at).id,occurredAt:at,recordedAt:now,authorId:null,origin:'import',memberId:`member-${i%50}`,teamId:null,featureId:'text',variant:null,quantity:1e6,unitRate:1e6,credits:1e6,pricing:'listed',catalogueVersion:'2026-03-02',receipt:[],happened:true});}
 await r.state.appendLines(workspaceId,b);} await r.close(); }
const t=(l:string,f:()=>void)=>{for(let k=0;k<3;k++){const s=performance.now();f();console.log(l,(performance.now()-s).toFixed(0));}};
let s=performance.now(); const r=await openReplica({dataDir:dir}); console.log('open',(performance.now()-s).toFixed(0));
const ws=r.state.workspaces()[0]!; const pool=r.state.poolsOf(ws,r.state.clock())[0]!; const db=r.state.database.connection.database; const T=r.state.transactionsTable();

const c=createRouterClient(r.router,{context:{}});
for(let k=0;k<60;k++){const a=performance.now();for await(const v of await c.overview.live({workspaceId:ws.id})){break;}console.log('overview',(performance.now()-a).toFixed(1));}
await r.close();
